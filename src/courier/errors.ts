/**
 * Ways in which a courier's bundle or receipt is not taken, or cannot be made, each with its remedy. What is not taken leaves
 * nothing behind. A bundle that was packed and then could not be written has its number and stays open: pack again.
 */
export const courierHints = {
  'courier-unreadable':
    'The file cannot be read, or is no courier bundle or receipt of Keyline. Check that the right file was named.',
  'courier-cut-short':
    'The file ends too early: it was only half written or half copied. Copy it again from the stick, or pack again; nothing is lost.',
  'courier-damaged':
    'A part is not what was written: the stick or the copy is faulty. Copy that part again, or pack again; nothing is lost.',
  'courier-part-missing': 'Not all parts of the bundle are there. Name every part, in any order.',
  'courier-part-foreign':
    'The parts are not of one bundle. Name those of one bundle only, each with the same id and number of parts.',
  'courier-too-large': 'The bundle is larger than any that Keyline writes. It was not looked into.',
  'courier-tampered':
    'What the bundle says is not what was signed. Do not use it. Find out who had the stick, and have the station pack again.',
  'courier-malformed':
    'It is signed, but says something that this Keyline cannot read. Both stations should have the same version; then pack again.',
  'courier-encrypted':
    'The bundle is encrypted for another receiver. `keyline courier key` here prints the recipient that belongs into courier.recipient of the sending station.',
  'courier-recipient-invalid':
    'courier.recipient in keyline.json is no age recipient. Copy it again from `keyline courier key` at the receiving station.',
  'courier-kind':
    'Bundles are taken with `keyline courier unpack`, receipts with `keyline courier receipt take`.',
  'courier-own': 'This file was made by this very station. Carry it to the other one.',
  'courier-not-trusted':
    'The station that signed it is not on the list of this one. A supervisor adds its key with `keyline courier trust add`; `keyline audit key` there prints it.',
  'courier-other-key':
    'It is not signed by the key that this station knows the other one by. If it was made before that one exchanged its key, have it made again. If that one has a new key that nobody could follow to, a supervisor removes the old one and adds the new one.',
  'courier-new-log':
    'The station goes on in a new log, after a restore or on another machine, and has a new key. Ask there why; then a supervisor removes the old key here and adds the new one.',
  'courier-rehearsal':
    'Rehearsal and production never mix: a rehearsal’s bundle or receipt is for a rehearsal only, and the other way round.',
  'courier-other-dps':
    'The bundle is for another DPS than this station’s. Carry it to a station of that DPS, or set dps.host and dps.idScope right where it was packed.',
  'courier-other-receiver':
    'The station that packed it takes receipts of another receiver than this one. Carry it there; or a supervisor there pins this one, and then pack again.',
  'courier-expired':
    'The bundle is no longer valid. Have the station pack again: what was not closed by a receipt is in the new bundle. Check the clocks of both stations.',
  'courier-id-reused':
    'Another bundle of this id was taken before. One of the two is forged or damaged: have the station pack again.',
  'courier-nothing-to-pack':
    'What is for another DPS, was brought from another station or cannot be read is not packed: keyline queue list names what there is. A station sends what others brought by itself: keyline sync.',
  'courier-no-target':
    'A bundle names the DPS that it is for. Set dps.host and dps.idScope in keyline.json; no key for DPS is needed.',
  'courier-part-size': 'A part has at least 4 KiB and a bundle at most 999 parts. Name a larger --max-size.',
  'courier-key-invalid':
    'This is no verifier key of a station. Copy the line again that `keyline audit key` prints there, whole, or scan its QR code.',
  'courier-peer-known': 'This key is on the list already.',
  'courier-peer-unknown': 'The list has no such station. See `keyline courier trust list`.',
  'courier-station-known':
    'This station is on the list with another key. Remove that one first, if the change is meant.',
  'courier-receiver-pinned':
    'Receipts are taken from one receiver only, and another one is pinned. Remove it first, if the change is meant.',
  'courier-no-receiver':
    'No receiver is pinned here, so no receipt closes anything. A supervisor adds its key with `keyline courier trust add --receiver`.',
  'courier-bundle-unknown':
    'There is no such bundle here. `keyline courier list` shows those that were packed and taken.',
  'courier-receipt-foreign':
    'The receipt is for a bundle that this station did not pack, or not with this content. Nothing was closed.',
  'courier-receipt-unbound':
    'The receipt speaks of an entry that is not in its bundle. Nothing was closed. Ask at the receiving station.',
} as const;

export type CourierErrorCode = keyof typeof courierHints;

export class CourierError extends Error {
  readonly code: CourierErrorCode;
  readonly hint: string;

  constructor(code: CourierErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'CourierError';
    this.code = code;
    this.hint = courierHints[code];
  }
}

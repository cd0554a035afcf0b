/** Why an entry stopped, for the person who decides: what is there, and what most likely led to it. */
import type { ConflictReason, QuarantineReason } from '../../outbox/store.ts';

export type CauseCode = ConflictReason | QuarantineReason;

export interface Cause {
  readonly code: CauseCode;
  /** What is so. */
  readonly what: string;
  /** What most likely led to it, and what to look at before deciding. */
  readonly likely: string;
}

const causes: Readonly<Record<CauseCode, Omit<Cause, 'code'>>> = {
  'clone-elsewhere': {
    what: 'DPS has this very key under another serial.',
    likely:
      'One TPM, two serials: a label was swapped or printed twice, the board was tested under another serial before, or a TPM was copied. Compare the board with the other serial’s.',
  },
  'unknown-origin': {
    what: 'DPS has this very key, and its enrollment names neither our harvest nor a serial.',
    likely:
      'Another tool or a person made it, or somebody removed what Keyline had written. If this board is that device, its enrollment can stay.',
  },
  'other-endorsement-key': {
    what: 'DPS has this registration id with another key.',
    likely:
      'The ids are made of serials and the serial was used before (a swapped board, another plant or product), or the TPM was reset. Find out which board is in the field.',
  },
  'gone-from-dps': {
    what: 'DPS had this enrollment and does not have it any more.',
    likely: 'Somebody deleted it in DPS. Ask who did before it is created again.',
  },
  'other-dps': {
    what: 'The entry was made for another DPS than the one that is configured.',
    likely:
      'The connection string or the id scope was changed while entries waited. If the change is right, a supervisor sends them to the new one. If it was a mistake, set this station to that DPS again; `keyline queue retry` then sends them there.',
  },
  'rejected-by-dps': {
    what: 'DPS refuses the entry as invalid.',
    likely:
      'The product’s template gives something that this DPS does not take. The detail is its own answer.',
  },
  'courier-refused': {
    what: 'The station that a courier brought it to did not take it, or DPS refused it there.',
    likely:
      'The detail says which rule or answer it was. Decide about the device at the receiving station first. Then its next receipt may close the entry; where a rule refused it, cancel it and enable the device, which sends it anew.',
  },
  unreadable: {
    what: 'The entry in the ledger cannot be read.',
    likely:
      'The ledger was damaged or changed by another program. Check it with keyline doctor; harvest the device again.',
  },
};

export function causeOf(reason: string | null): Cause | undefined {
  return reason !== null && isCause(reason) ? { code: reason, ...causes[reason] } : undefined;
}

function isCause(reason: string): reason is CauseCode {
  return Object.hasOwn(causes, reason);
}

/** One English line per code for the command line and exports; the kiosk has its own cards, in its own languages. */
import type { VerdictCode } from './verdict.ts';

export const verdictHints: Readonly<Record<VerdictCode, string>> = {
  passed: 'Recorded. Nothing more to do.',
  'passed-by-decision':
    'A supervisor decided that this device counts. Its old name or key left service; nothing more to do.',
  retest: 'This device is already recorded with this serial. Nothing was enrolled a second time.',
  'serial-missing': 'Scan or type the serial of the device.',
  'serial-too-long': 'A serial has at most 128 characters. Scan one label only.',
  'serial-characters':
    'The serial holds characters that no label should have. Check the scanner and scan again.',
  'serial-pattern':
    'The serial does not fit this product. Check that the right label was scanned and the right product is set.',
  'serial-check-digit':
    'The check digit of the serial is wrong: a misread or mistyped label. Scan the label again.',
  clone:
    'This TPM is already recorded under another serial: a wrong label or a copied board. Keep the device aside and call a supervisor.',
  'serial-has-other-key':
    'This serial is already recorded with another TPM: a board swap, a reset TPM or a label used twice. Keep the device aside and call a supervisor.',
  'same-tpm-other-key':
    'This serial is already recorded with another key of this same TPM: the product’s key setting or what is stored in the TPM has changed. Keep the device aside and call a supervisor.',
  'other-tpm':
    'This serial is already recorded with the key of another TPM: the board was swapped, the TPM was reset by its firmware, or a label was used twice. Keep the device aside and call a supervisor.',
  'golden-passed': 'The fixture is checked. The reference unit is neither enrolled nor counted.',
  'golden-key-differs':
    'The reference unit has another key than it is known by: another board, a reset TPM, or a fixture that reads the wrong one. Do not test with this fixture; call an engineer.',
  'golden-certificate':
    'The EK certificate of the reference unit does not hold as it did before. Check the trust store and the fixture; call an engineer.',
  'golden-unit': 'This is a reference unit: it is never enrolled. Give it back to where it belongs.',
  'other-product':
    'This TPM is already recorded under another product. Keep the device aside and call a supervisor.',
  'registration-id-invalid':
    'The registration id that this product makes of the serial breaks the rules of DPS. An engineer must mend the template of the product.',
  'registration-id-taken':
    'Another device already has this registration id. Keep the device aside; an engineer must mend the template of the product.',
  'registration-id-differs':
    'The file names another registration id than this key has. The row is mixed up; check where the file comes from.',
  'deleted-since':
    'The device was deleted here after the bundle was packed, and is not made again. If it is to be enrolled again, harvest it again.',
  'work-order-full':
    'The work order has all its devices; this new one was not recorded as passed. Choose the next order, or a supervisor or an engineer gives this one another quantity; then test again.',
  'ek-absent':
    'No key is stored at 0x81010001, and this product enrols only a stored one. An engineer must persist the TCG endorsement key or change deviceKey of the product.',
  'ek-malformed':
    'The endorsement key is not well-formed. Keep the device aside; its TPM or the bridge is faulty.',
  'ek-unfit':
    'The key at 0x81010001 cannot be used with DPS. An engineer must persist the TCG endorsement key (RSA 2048).',
  'simulator-refused':
    'This is a simulated TPM. A production ledger takes real ones only; rehearse with KEYLINE_REHEARSAL=1 on a new data directory.',
  'dut-serial-differs':
    'The device itself gives another serial than its label: a wrong label, a device in the wrong fixture, or a swapped board. Keep it aside and call a supervisor.',
  'dut-serial-unread':
    'This product compares the serial with the one that the device itself gives, and it gave none; the detail says why. Call an engineer.',
  'certificate-mismatch':
    'The certificate in the TPM belongs to another key. Keep the device aside and call a supervisor.',
  'possession-failed':
    'The TPM that answers could not prove that it holds this key: a copied key, or something stands between fixture and TPM. Keep the device aside and call a supervisor.',
  'certificate-untrusted':
    'The chain of the EK certificate does not lead to a maker that this plant trusts; the detail names the rule. Keep the device aside and call a supervisor.',
  'certificate-revoked':
    'The maker revoked a certificate of this TPM; the detail says which, when and why. Keep the device aside and call a supervisor.',
  'certificate-missing':
    'No EK certificate, and this product requires one. Keep the device aside and call a supervisor.',
  'certificate-not-readable':
    'The EK certificate cannot be read, and this product requires one. Keep the device aside and call a supervisor.',
  'certificate-not-checked':
    'This product requires a verified EK certificate, and this station has no trust store. An engineer must put the CA certificates of the TPM makers into the trust folder.',
  'bridge-unreachable':
    'Nothing answers at this bridge. Check the power and cable of the fixture, then its address.',
  'bridge-not-permitted':
    'This user may not open the TPM device, or was not let in by ssh. Add the user to the group that owns the TPM (often tss), and its key to the device.',
  'bridge-host-key':
    'Another device answers at this address than the one whose SSH host key is known, or its key was changed. Do not go on; call an engineer.',
  'bridge-busy': 'Another program is using this TPM. Close it and test again.',
  'bridge-timeout': 'The device does not answer. Check that it is powered and seated, then test again.',
  'bridge-closed': 'The connection to the device broke off. Reseat it and test again.',
  'bridge-garbage': 'What answers here does not speak TPM 2.0. Check that the bridge points at the TPM.',
  'bridge-not-recorded':
    'The transcript does not hold what this test asks. Replay it with the product and the version that it was recorded with.',
  cancelled: 'The test was stopped. Start it again when the device is ready.',
  'tpm-not-2.0': 'This TPM is of the 1.2 generation. DPS needs TPM 2.0.',
  'tpm-not-started':
    'The TPM was not started by the firmware of the device. Power it off and on, then test again.',
  'tpm-failure-mode':
    'The TPM is in failure mode. Power the device off and on; if it stays so, replace the TPM.',
  'tpm-locked-out':
    'The TPM is locked after failed attempts. Do not test it again now; leave it powered and call a supervisor.',
  'tpm-busy': 'The TPM is busy. Wait ten seconds and test again.',
  'tpm-out-of-memory': 'Another program left objects in the TPM. Restart the device and test again.',
  'hierarchy-password':
    'The TPM asks for the password of its endorsement hierarchy. Call a supervisor, who enters it at the fixture, or here with --hierarchy-password --as ID.',
  'hierarchy-password-refused':
    'The TPM did not take the password of its endorsement hierarchy. It was tried once and is forgotten: a supervisor checks which one this lot has and enters it anew.',
  'hierarchy-disabled': 'The endorsement hierarchy is switched off in the firmware setup. Call an engineer.',
  'tpm-upgrade': 'The TPM is in a firmware update. Let it finish, then test again.',
  'tpm-error':
    'The TPM refused a command. Test again once; if it stays so, keep the device aside and note the response code.',
  'tpm-answer-malformed':
    'The TPM answered something that is not well-formed. Reseat the device; if it stays so, keep it aside.',
  'tpm-answer-forged':
    'An answer that only a TPM with the password can give was not made with it: something between fixture and TPM changes what it says. Do not go on; keep the device aside and call an engineer.',
  'ledger-full':
    'The disk of the station is full. Free space, then test this device again: it was not recorded.',
  'ledger-failed':
    'The ledger could not be written. Call an engineer, then test this device again: it was not recorded.',
};

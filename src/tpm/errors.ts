/** The closed set of ways in which a TPM fails a command, each with what an operator can do about it. */
import type { ResponseCode } from './response-code.ts';

export const tpmHints = {
  'answer-malformed':
    'The TPM answers in a form that no TPM 2.0 uses. Test again; if it stays, set the device aside for repair.',
  'not-tpm2': 'This is a TPM 1.2, or not a TPM. DPS needs a TPM 2.0.',
  'not-started': 'The TPM was not started by its firmware. Restart the device and test again.',
  'failure-mode':
    'The TPM is in failure mode. Power the device off and on; if it stays, the TPM is defective.',
  'locked-out':
    'The TPM is locked after failed passwords. Do not try again: wait out its recovery time, or have a supervisor clear it.',
  busy: 'The TPM is busy. Wait some seconds and test again.',
  'out-of-memory':
    'The TPM has no room: another program left objects loaded. Restart the device and test again.',
  'password-set':
    'A password is set on the endorsement hierarchy. A supervisor gives it with --hierarchy-password --as ID.',
  'password-refused':
    'The TPM did not take the password of the endorsement hierarchy. It is not tried again; enter it anew.',
  'answer-forged':
    'An answer of the TPM was not made with the password: something between fixture and TPM changes what it says. Do not go on; call an engineer.',
  'hierarchy-disabled':
    'The endorsement hierarchy is switched off. Enable the TPM fully in the firmware set-up and test again.',
  upgrading: 'A firmware update of the TPM is running. Wait for its end and test again.',
  'nothing-there': 'Nothing is stored in the TPM at this place.',
  'nv-refused': 'The TPM does not give this NV index away.',
  unsupported: 'This TPM does not know a command that is needed.',
  refused: 'The TPM refused the command. Note the response code and call an engineer.',
} as const;

export type TpmErrorCode = keyof typeof tpmHints;

export class TpmError extends Error {
  readonly code: TpmErrorCode;
  readonly hint: string;
  /** What the TPM answered, where it answered a response code other than success. */
  readonly responseCode: ResponseCode | undefined;

  constructor(
    code: TpmErrorCode,
    message: string,
    context: { cause?: unknown; responseCode?: ResponseCode } = {},
  ) {
    super(message, { cause: context.cause });
    this.name = 'TpmError';
    this.code = code;
    this.hint = tpmHints[code];
    this.responseCode = context.responseCode;
  }
}

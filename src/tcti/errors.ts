/** The closed set of ways in which a bridge fails, each with what an operator can do about it. */
export const tctiHints = {
  'conf-invalid':
    'Write the bridge as in tpm2-tss, for example swtpm:host=127.0.0.1,port=2321 or device:/dev/tpmrm0.',
  unreachable:
    'Nothing answers at this bridge. Check the power and cable of the fixture, and the address in the configuration.',
  'not-permitted':
    'This user may not open the TPM device, or was not let in by ssh. Add the user to the group that owns the TPM (often tss), and its key to the device.',
  'host-key-mismatch':
    'The device shows another SSH host key than the one known for this address. Find out which device answers; if its new key is right, an engineer puts it into the fixture’s knownHostKey or deletes the file of this address from known-hosts in the data directory.',
  busy: 'Another program is using this TPM. Close it, or restart the device, and test again.',
  timeout: 'The device did not answer in time. Check that it is powered and seated, and test again.',
  closed: 'The connection to the device broke off. Reseat the device and test again.',
  'frame-invalid':
    'What answers here does not speak TPM 2.0. Check that the bridge points at the TPM and not at another service.',
  'not-recorded':
    'The transcript does not hold what this test asks. Replay it with the product and the version that it was recorded with.',
  cancelled: 'The test was stopped. Start it again when the device is ready.',
} as const;

export type TctiErrorCode = keyof typeof tctiHints;

/** Why nothing more comes through a line. It is made a TctiError when somebody has to be told; a TctiError is one already. */
export interface EndReason {
  readonly code: TctiErrorCode;
  readonly message: string;
  readonly cause?: unknown;
}

export class TctiError extends Error {
  readonly code: TctiErrorCode;
  readonly hint: string;

  constructor(code: TctiErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'TctiError';
    this.code = code;
    this.hint = tctiHints[code];
  }
}

/** An error costs much more to make than a reason, and most lines end with nobody waiting. */
export function errorOf(reason: EndReason): TctiError {
  if (reason instanceof TctiError) return reason;
  return new TctiError(
    reason.code,
    reason.message,
    reason.cause === undefined ? undefined : { cause: reason.cause },
  );
}

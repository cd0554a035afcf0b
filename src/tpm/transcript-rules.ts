/**
 * What a transcript of a bridge has to know of TPM commands. The caller's nonce of StartAuthSession and the credential of
 * ActivateCredential are new in each run (Part 3, 11.1 and 12.5), so a replay takes any in their place. What
 * ActivateCredential answers is the fresh secret of a proof of possession (rule H7), and it alone was never on the wire
 * unencrypted before: it is blanked, so that a transcript can be mailed.
 */
import { TPM_CC } from './command-codes.ts';

const HEADER = 10;
const HANDLE = 4;

function commandCode(command: Uint8Array): number {
  return Buffer.from(command.buffer, command.byteOffset, command.length).readUInt32BE(6);
}

/** [from, to) of a command that we made ourselves; undefined where the same run sends the same bytes again. */
export function freshBytes(command: Uint8Array): readonly [number, number] | undefined {
  const bytes = Buffer.from(command.buffer, command.byteOffset, command.length);
  const afterHandles = HEADER + 2 * HANDLE;
  switch (commandCode(command)) {
    case TPM_CC.StartAuthSession: {
      const from = afterHandles + 2;
      return [from, Math.min(from + bytes.readUInt16BE(afterHandles), command.length)];
    }
    case TPM_CC.ActivateCredential:
      return [Math.min(afterHandles + 4 + bytes.readUInt32BE(afterHandles), command.length), command.length];
    default:
      return undefined;
  }
}

/** TPM2B_DIGEST certInfo, blanked with its size kept; all behind the header where the answer has no such form. */
export function redact(
  command: Uint8Array,
  response: Uint8Array,
): { readonly response: Uint8Array; readonly redacted: string } | undefined {
  if (commandCode(command) !== TPM_CC.ActivateCredential || response.length <= HEADER) return undefined;
  const copy = Buffer.from(response);
  const sizeAt = HEADER + 4;
  const from = sizeAt + 2;
  const to = copy.length < from ? 0 : from + copy.readUInt16BE(sizeAt);
  const isWellFormed =
    copy.length >= from && HEADER + 4 + copy.readUInt32BE(HEADER) === to && to <= copy.length;
  if (isWellFormed) copy.fill(0, from, to);
  else copy.fill(0, HEADER);
  return { response: new Uint8Array(copy), redacted: isWellFormed ? 'certInfo' : 'all parameters' };
}

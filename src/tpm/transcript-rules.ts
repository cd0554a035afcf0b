/**
 * What a transcript of a bridge has to know of TPM commands. The caller's nonce of StartAuthSession and the credential of
 * ActivateCredential are new in each run (Part 3, 11.1 and 12.5), so a replay takes any in their place. What
 * ActivateCredential answers is the fresh secret of a proof of possession (rule H7), and it alone was never on the wire
 * unencrypted before: it is blanked, so that a transcript can be mailed. Of an HMAC session (Part 1, 19.6) all is blanked
 * by which somebody could try passwords at home: the encrypted salt, both HMACs, and the encrypted first parameter, whose
 * content is known.
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
      const salt = saltOf(bytes);
      return [from, salt?.[1] ?? Math.min(from + bytes.readUInt16BE(afterHandles), command.length)];
    }
    case TPM_CC.CreatePrimary:
    case TPM_CC.PolicySecret: {
      const parts = hmacPartsOf(bytes);
      return parts && [parts.nonceAt, parts.firstParameter[1]];
    }
    case TPM_CC.ActivateCredential:
      return [Math.min(afterHandles + 4 + bytes.readUInt32BE(afterHandles), command.length), command.length];
    default:
      return undefined;
  }
}

/** The command without what a password could be guessed by; undefined where there is nothing of it. */
export function redactCommand(
  command: Uint8Array,
): { readonly command: Uint8Array; readonly redactedCommand: string } | undefined {
  const copy = Buffer.from(command);
  const salt = commandCode(command) === TPM_CC.StartAuthSession ? saltOf(copy) : undefined;
  if (salt !== undefined) {
    copy.fill(0, ...salt);
    return { command: new Uint8Array(copy), redactedCommand: 'salt' };
  }
  const parts = hmacPartsOf(copy);
  if (parts === undefined) return undefined;
  copy.fill(0, ...parts.hmac);
  copy.fill(0, ...parts.firstParameter);
  return { command: new Uint8Array(copy), redactedCommand: 'HMAC and first parameter' };
}

/** [from, to) of the salt's bytes; undefined where there is none. */
function saltOf(command: Buffer): readonly [number, number] | undefined {
  const nonceAt = HEADER + 2 * HANDLE;
  const saltAt = nonceAt + 2 + command.readUInt16BE(nonceAt);
  const length = command.readUInt16BE(saltAt);
  return length === 0 ? undefined : [saltAt + 2, saltAt + 2 + length];
}

/** Of the commands that we send with an HMAC session: how many handles stand before its area. */
const handlesOf: Readonly<Record<number, number>> = { [TPM_CC.CreatePrimary]: 1, [TPM_CC.PolicySecret]: 2 };
/** The top byte of an HMAC session's handle (Part 2, 7.2). */
const TPM_HT_HMAC_SESSION = 0x02;

interface HmacParts {
  /** Of the caller's nonce, its size included. */
  readonly nonceAt: number;
  readonly hmac: readonly [number, number];
  /** The content of a TPM2B. */
  readonly firstParameter: readonly [number, number];
}

/** Undefined for a command that no HMAC session authorizes. */
function hmacPartsOf(command: Buffer): HmacParts | undefined {
  const handles = handlesOf[commandCode(command)];
  if (handles === undefined) return undefined;
  const sessionAt = HEADER + handles * HANDLE + 4;
  if (command[sessionAt] !== TPM_HT_HMAC_SESSION) return undefined;
  const nonceAt = sessionAt + HANDLE;
  const hmacAt = nonceAt + 2 + command.readUInt16BE(nonceAt) + 1;
  const hmacEnd = hmacAt + 2 + command.readUInt16BE(hmacAt);
  const parameterEnd = hmacEnd + 2 + command.readUInt16BE(hmacEnd);
  return { nonceAt, hmac: [hmacAt + 2, hmacEnd], firstParameter: [hmacEnd + 2, parameterEnd] };
}

/** The response without what must not be kept; undefined where all of it may be. */
export function redact(
  command: Uint8Array,
  response: Uint8Array,
): { readonly response: Uint8Array; readonly redacted: string } | undefined {
  return redactCertInfo(command, response) ?? redactHmac(command, response);
}

/** What follows the parameters: nonce, attributes and HMAC. All behind the header where the answer has no such form. */
function redactHmac(
  command: Uint8Array,
  response: Uint8Array,
): { readonly response: Uint8Array; readonly redacted: string } | undefined {
  const code = commandCode(command);
  if (hmacPartsOf(Buffer.from(command)) === undefined || response.length <= HEADER) return undefined;
  const copy = Buffer.from(response);
  const sizeAt = HEADER + (code === TPM_CC.CreatePrimary ? HANDLE : 0);
  const nonceAt = copy.length < sizeAt + 4 ? copy.length : sizeAt + 4 + copy.readUInt32BE(sizeAt);
  const hmacAt = copy.length < nonceAt + 2 ? copy.length : nonceAt + 2 + copy.readUInt16BE(nonceAt) + 1;
  const isWellFormed = copy.length >= hmacAt + 2 && hmacAt + 2 + copy.readUInt16BE(hmacAt) === copy.length;
  if (isWellFormed) copy.fill(0, hmacAt + 2);
  else copy.fill(0, HEADER);
  return { response: new Uint8Array(copy), redacted: isWellFormed ? 'HMAC' : 'all parameters' };
}

/** TPM2B_DIGEST certInfo, blanked with its size kept; all behind the header where the answer has no such form. */
function redactCertInfo(
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

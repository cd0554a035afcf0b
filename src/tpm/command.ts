/**
 * One TPM 2.0 command and its response (Part 1, clause 18; Part 3, clause 5) over a bridge: builds the frame, authorized
 * by empty passwords, policy sessions or an HMAC session, checks the answer's tag, size and code, and repeats what the TPM
 * asks to repeat.
 * The answer is untrusted; whatever is wrong with it becomes a TpmError. Bridge failures pass through as TctiError.
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { TctiError } from '../tcti/errors.ts';
import type { Tcti } from '../tcti/tcti.ts';
import { ByteReader, sized, u16, u32 } from './bytes.ts';
import { classifyResponseCode } from './classify-response-code.ts';
import { TpmError } from './errors.ts';
import { decodeResponseCode, formatResponseCode, mayRetry } from './response-code.ts';

const TPM_ST_NO_SESSIONS = 0x8001;
const TPM_ST_SESSIONS = 0x8002;
/** Tag of every TPM 1.2 response without authorization, also when it refuses a TPM 2.0 command. */
const TPM_TAG_RSP_COMMAND = 0x00c4;
const TPM_RS_PW = 0x40000009;
const CONTINUE_SESSION = 0x01;
/** The TPM flushes the session when the command succeeds. */
const END_SESSION = 0x00;

/** An open bridge with the time limits of the run that uses it. */
export interface TpmChannel {
  readonly tcti: Tcti;
  /** Milliseconds for one command, its repetitions included. */
  readonly commandMs: number;
  /** The same for CreatePrimary, which may compute a key for many seconds. */
  readonly createPrimaryMs: number;
  /** Time of `performance.now()` at which the whole run ends. */
  readonly endsAt: number;
  readonly signal?: AbortSignal | undefined;
}

/** Part 1, 19.6: makes a command show that a password is known, and sees whether its answer does (`hmac-session.ts`). */
export interface Sealing {
  seal(code: number, handles: readonly number[], parameters: Uint8Array): SealedCommand;
}

export interface SealedCommand {
  /** TPMS_AUTH_COMMAND. */
  readonly authorization: Uint8Array;
  /** Those of the command, the first one encrypted where the session does that. */
  readonly parameters: Uint8Array;
  /** With what a successful answer holds: parameters, nonceTPM, session attributes, HMAC. Throws TpmError `answer-forged`. */
  open(parameters: Uint8Array, nonceTpm: Uint8Array, attributes: number, acknowledgement: Uint8Array): void;
}

/**
 * How one handle of a command is authorized: by the empty password, by a policy session that ends with the command, or,
 * alone in its command, by an HMAC session that does too.
 */
export type Authorization =
  | 'empty-password'
  | { readonly policySession: number }
  | { readonly hmacSession: Sealing };

export interface TpmCommand {
  /** The specification's name without `TPM2_`. */
  readonly name: string;
  readonly code: number;
  readonly handles?: readonly number[];
  /** For the first of the handles, in order. */
  readonly authorizations?: readonly Authorization[];
  readonly parameters?: readonly Uint8Array[];
  /** How many handles the response carries before its parameters. */
  readonly responseHandles?: number;
  /** Is told each of these before anything else of the answer is looked at: what is loaded must be flushed. */
  readonly loaded?: (handle: number) => void;
}

export interface TpmResponse {
  readonly handles: readonly number[];
  /** Positioned at the first parameter; the caller reads all and calls `end()`. */
  readonly parameters: ByteReader;
}

/** Pauses between repetitions, milliseconds; after the last one the answer counts. */
const retryPausesMs: readonly number[] = [20, 40, 80, 160, 320, 640, 1000, 1000];

/** Throws TpmError, TctiError. */
export async function execute(
  channel: TpmChannel,
  command: TpmCommand,
  deadlineMs = channel.commandMs,
): Promise<TpmResponse> {
  const { frame, open } = frameOf(command);
  const endsAt = Math.min(performance.now() + deadlineMs, channel.endsAt);
  for (let attempt = 0; ; attempt++) {
    const left = endsAt - performance.now();
    if (left <= 0) throw new TctiError('timeout', `no time left for ${command.name}`);
    const response = await channel.tcti.transmit(frame, { deadlineMs: left, signal: channel.signal });
    const pauseMs = retryPausesMs[attempt];
    try {
      return readResponse(command, response, open);
    } catch (error) {
      const again = error instanceof TpmError && error.responseCode && mayRetry(error.responseCode);
      if (!again || pauseMs === undefined || performance.now() + pauseMs >= endsAt) throw error;
    }
    await pauseUnlessCancelled(pauseMs, channel.signal);
  }
}

interface Frame {
  readonly frame: Uint8Array;
  /** Only with an HMAC session. */
  readonly open?: SealedCommand['open'];
}

function frameOf(command: TpmCommand): Frame {
  const { code, handles = [], authorizations = [], parameters = [] } = command;
  const [first] = authorizations;
  if (typeof first === 'object' && 'hmacSession' in first) {
    const sealed = first.hmacSession.seal(code, handles, Buffer.concat(parameters));
    return { frame: framed(code, handles, sealed.authorization, sealed.parameters), open: sealed.open };
  }
  const authorizationArea = Buffer.concat(authorizations.map(authorizationOf));
  return { frame: framed(code, handles, authorizationArea, Buffer.concat(parameters)) };
}

function framed(
  code: number,
  handles: readonly number[],
  authorizationArea: Uint8Array,
  parameters: Uint8Array,
): Uint8Array {
  const authorized = authorizationArea.length > 0;
  const body = Buffer.concat([
    ...handles.map(u32),
    ...(authorized ? [u32(authorizationArea.length), authorizationArea] : []),
    parameters,
  ]);
  const tag = authorized ? TPM_ST_SESSIONS : TPM_ST_NO_SESSIONS;
  return Buffer.concat([u16(tag), u32(body.length + 10), u32(code), body]);
}

/** TPMS_AUTH_COMMAND without nonce and HMAC: neither of the two kinds has any. */
function authorizationOf(authorization: Authorization): Uint8Array {
  if (typeof authorization === 'object' && 'hmacSession' in authorization)
    throw new RangeError('an HMAC session authorizes its command alone');
  const [session, attributes] =
    authorization === 'empty-password'
      ? [TPM_RS_PW, CONTINUE_SESSION]
      : [authorization.policySession, END_SESSION];
  const empty = sized(new Uint8Array());
  return Buffer.concat([u32(session), empty, Uint8Array.of(attributes), empty]);
}

function readResponse(
  command: TpmCommand,
  response: Uint8Array,
  open: SealedCommand['open'] | undefined,
): TpmResponse {
  const what = `${command.name} response`;
  const reader = new ByteReader(response, what);
  const tag = reader.u16();
  const size = reader.u32();
  const code = reader.u32();
  if (tag === TPM_TAG_RSP_COMMAND) throw new TpmError('not-tpm2', `${what} is a TPM 1.2 answer`);
  if (size !== response.length) throw new TpmError('answer-malformed', `${what} lies about its size`);
  if (code !== 0) {
    if (tag !== TPM_ST_NO_SESSIONS) throw new TpmError('answer-malformed', `${what} has a wrong tag`);
    reader.end();
    const responseCode = decodeResponseCode(code);
    const message = `${command.name} answered ${formatResponseCode(responseCode)}`;
    throw new TpmError(classifyResponseCode(responseCode), message, { responseCode });
  }
  const { authorizations = [] } = command;
  const authorized = authorizations.length > 0;
  if (tag !== (authorized ? TPM_ST_SESSIONS : TPM_ST_NO_SESSIONS)) {
    throw new TpmError('answer-malformed', `${what} has a wrong tag`);
  }
  const handles = Array.from({ length: command.responseHandles ?? 0 }, () => reader.u32());
  for (const handle of handles) command.loaded?.(handle);
  if (!authorized) return { handles, parameters: new ByteReader(reader.bytes(reader.left), what) };
  const answered = reader.bytes(reader.u32());
  const parameters = new ByteReader(answered, what);
  for (const authorization of authorizations) {
    const nonce = reader.sized();
    const attributes = reader.u8();
    const acknowledgement = reader.sized();
    if (open !== undefined) {
      reader.end();
      open(answered, nonce, attributes, acknowledgement);
      return { handles, parameters };
    }
    const unasked = authorization === 'empty-password' ? nonce.length : 0;
    if (unasked + acknowledgement.length !== 0) {
      throw new TpmError('answer-malformed', `${what} answers an empty password or a policy with an HMAC`);
    }
  }
  reader.end();
  return { handles, parameters };
}

async function pauseUnlessCancelled(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await pause(ms, undefined, { signal });
  } catch (cause) {
    throw new TctiError('cancelled', 'cancelled while the TPM was busy', { cause });
  }
}

/**
 * Transcript of a TPM bridge, version 1: UTF-8 JSON lines. The first line is the header; then one line for each opening
 * of the bridge and for each command, in the order of their ends. Times are milliseconds; frames are lower-case hex.
 *
 *     {"format":"keyline-transcript","version":1,"bridge":"swtpm","madeAt":"2026-11-21T12:00:00.000Z"}
 *     {"connection":1,"at":0,"ms":1.2,"resourceManaged":false}
 *     {"connection":1,"at":1.4,"ms":0.3,"command":"8001…","response":"8001…"}
 *     {"connection":1,"at":1.9,"ms":10000,"command":"8001…","error":"timeout"}
 *
 * `answer` is what the DUT said to the question of the opening, `text` or why it is `unread`.
 * `fresh` names the bytes of a command that are new in each run, [from, to); `redacted` what was blanked in a response,
 * `redactedCommand` in a command (within its fresh bytes). `withPassword` in the header: the run had the password of a
 * hierarchy. Nothing is left by which one could be guessed: the salt of its sessions, every HMAC and what is encrypted
 * under it are blanked.
 * A file may come from anywhere (it is made to be mailed), so all of it is checked. A last line without its line feed was
 * cut by a crash and is passed over.
 */
import { z } from 'zod';
import { TctiError, type TctiErrorCode, tctiHints } from './errors.ts';
import { checkCommand, FrameReader } from './frame.ts';
import type { RemoteAnswer } from './tcti.ts';
import { MAX_FRAME_BYTES, type TctiName } from './tcti.ts';

/** A whole run has well under a hundred commands of at most two times 4 KiB. */
export const MAX_TRANSCRIPT_BYTES = 16 * 1024 * 1024;

/** The carriers that can be recorded: a replay is none. */
export type RecordedBridge = Exclude<TctiName, 'replay'>;
const bridges: Readonly<Record<RecordedBridge, RecordedBridge>> = {
  device: 'device',
  swtpm: 'swtpm',
  mssim: 'mssim',
  cmd: 'cmd',
  ssh: 'ssh',
};

export interface TranscriptHeader {
  readonly format: 'keyline-transcript';
  readonly version: 1;
  readonly bridge: RecordedBridge;
  /** RFC 3339. */
  readonly madeAt: string;
  /** The run had the password of a hierarchy. */
  readonly withPassword?: true;
}

interface Timed {
  /** From 1; a run that lost its bridge opens it again to clean up. */
  readonly connection: number;
  /** Since the recording began. */
  readonly at: number;
  readonly ms: number;
}
export type Opening = Timed &
  ({ readonly resourceManaged: boolean; readonly answer?: RemoteAnswer } | { readonly error: TctiErrorCode });
export type Exchange = Timed & {
  readonly command: Uint8Array;
  readonly fresh?: readonly [number, number];
  readonly redactedCommand?: string;
} & ({ readonly response: Uint8Array; readonly redacted?: string } | { readonly error: TctiErrorCode });

export interface Transcript {
  readonly header: TranscriptHeader;
  readonly openings: readonly Opening[];
  readonly exchanges: readonly Exchange[];
}

const headerSchema = z.strictObject({
  format: z.literal('keyline-transcript'),
  version: z.literal(1),
  bridge: z.enum(bridges),
  withPassword: z.literal(true).exactOptional(),
  madeAt: z.iso.datetime(),
});
const moment = z.number().nonnegative();
const timed = { connection: z.int().positive(), at: moment, ms: moment };
const frame = z
  .string()
  .max(2 * MAX_FRAME_BYTES)
  .regex(/^(?:[0-9a-f]{2})*$/)
  .transform(hex => new Uint8Array(Buffer.from(hex, 'hex')));
const errorCode = z.enum(Object.keys(tctiHints) as [TctiErrorCode, ...TctiErrorCode[]]);
const sent = {
  ...timed,
  command: frame,
  redactedCommand: z.string().exactOptional(),
  fresh: z.tuple([z.int(), z.int()]).exactOptional(),
};
const words = z.string().max(4096);
const answer = z.union([z.strictObject({ text: words }), z.strictObject({ unread: words })]);
const lineSchema = z.union([
  z.strictObject({ ...sent, response: frame, redacted: z.string().exactOptional() }),
  z.strictObject({ ...sent, error: errorCode }),
  z.strictObject({ ...timed, resourceManaged: z.boolean(), answer: answer.exactOptional() }),
  z.strictObject({ ...timed, error: errorCode }),
]);

/** One line of the file, line feed included. */
export function formatLine(line: TranscriptHeader | Opening | Exchange): string {
  const inHex = Object.entries(line).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  ]);
  return `${JSON.stringify(Object.fromEntries(inHex))}\n`;
}

/** Throws TctiError `frame-invalid`, which names the line. */
export function parseTranscript(text: string): Transcript {
  const lines = text.split('\n').slice(0, -1);
  const header = headerSchema.safeParse(jsonOf(lines[0] ?? '', 1));
  if (!header.success) throw malformed(1, 'it is not the head of a transcript, version 1');
  const openings: Opening[] = [];
  const exchanges: Exchange[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0) continue;
    const read = readLine(line, index + 1);
    if ('command' in read) exchanges.push(read);
    else openings.push(read);
  }
  return { header: header.data, openings, exchanges };
}

function readLine(text: string, number: number): Opening | Exchange {
  const parsed = lineSchema.safeParse(jsonOf(text, number));
  if (!parsed.success) throw malformed(number, 'it is no line of a transcript');
  const line = parsed.data;
  if ('command' in line) checkExchange(line, number);
  return line;
}

function checkExchange(line: Exchange, number: number): void {
  const [from, to] = line.fresh ?? [0, 0];
  if (from < 0 || to < from || to > line.command.length)
    throw malformed(number, 'its fresh bytes are not there');
  try {
    checkCommand(line.command);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw malformed(number, 'its command is not one whole frame');
  }
  if (!('response' in line)) return;
  try {
    if (new FrameReader().push(line.response) !== undefined) return;
  } catch (error) {
    if (!(error instanceof TctiError)) throw error;
  }
  throw malformed(number, 'its response is not one whole frame');
}

function jsonOf(text: string, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(number, 'it is not JSON');
  }
}

function malformed(number: number, why: string): TctiError {
  return new TctiError('frame-invalid', `Line ${number} of the transcript cannot be read: ${why}`);
}

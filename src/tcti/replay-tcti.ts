/**
 * Carrier `replay`: answers from a transcript as the TPM did that it was recorded at, for rehearsals and support (rule
 * S5: the harvest refuses it in production). Each recorded command answers once, in the order of its like; what was never
 * asked, or not so often, is `not-recorded`. Answers come at once, whatever the device took. The bridge calls itself
 * what it replays, so that whoever asks behaves as it did then. The file is untrusted.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { TctiError } from './errors.ts';
import { type Line, LineTcti } from './line-tcti.ts';
import type { OpenOptions, Tcti } from './tcti.ts';
import type { ReplayConf } from './tcti-conf.ts';
import { type Exchange, MAX_TRANSCRIPT_BYTES, parseTranscript, type Transcript } from './transcript.ts';
import { within } from './within.ts';

/** Rejects with TctiError; with the recorded one where the recorded run could not open its bridge either. */
export async function openReplay({ path }: ReplayConf, options: OpenOptions): Promise<Tcti> {
  const transcript = parseTranscript(await within(options, `reading ${path}`, readText(path)));
  return replay(transcript);
}

/** Throws the TctiError of an opening that failed. */
export function replay({ header, openings, exchanges }: Transcript): Tcti {
  const [first] = openings;
  if (first !== undefined && 'error' in first) throw recorded(first.error);
  const resourceManaged = first?.resourceManaged ?? false;
  const tcti = new LineTcti(header.bridge, resourceManaged, new ReplayLine(exchanges), first?.answer);
  return header.withPassword ? withPassword(tcti) : tcti;
}

function withPassword(tcti: Tcti): Tcti {
  const { name, resourceManaged, answer } = tcti;
  return {
    name,
    resourceManaged,
    answer,
    withPassword: true,
    transmit: (command, options) => tcti.transmit(command, options),
    close: () => tcti.close(),
  };
}

class ReplayLine implements Line {
  readonly #left: Exchange[];

  constructor(exchanges: readonly Exchange[]) {
    this.#left = [...exchanges];
  }

  async exchange(command: Uint8Array): Promise<Uint8Array> {
    const at = this.#left.findIndex(exchange => isSameCommand(exchange, command));
    const [found] = at < 0 ? [] : this.#left.splice(at, 1);
    if (found === undefined) {
      const code = Buffer.from(command).readUInt32BE(6).toString(16).padStart(8, '0').toUpperCase();
      throw new TctiError('not-recorded', `The transcript has no answer left to this command (code ${code})`);
    }
    if ('error' in found) throw recorded(found.error);
    return new Uint8Array(found.response);
  }

  async close(): Promise<void> {}
}

function isSameCommand({ command, fresh }: Exchange, asked: Uint8Array): boolean {
  if (command.length !== asked.length) return false;
  const [from, to] = fresh ?? [0, 0];
  return command.every((byte, at) => byte === asked[at] || (at >= from && at < to));
}

function recorded(code: TctiError['code']): TctiError {
  return new TctiError(code, `The recorded run ended here: ${code}`);
}

async function readText(path: string): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const facts = await file.stat();
    if (!facts.isFile()) throw new TctiError('unreachable', `${path} is not a file`);
    if (facts.size > MAX_TRANSCRIPT_BYTES)
      throw new TctiError('frame-invalid', `${path} is far larger than any transcript (${facts.size} bytes)`);
    return await file.readFile('utf8');
  } catch (error) {
    if (error instanceof TctiError) throw error;
    const cause = error as NodeJS.ErrnoException;
    const code = cause.code === 'EACCES' || cause.code === 'EPERM' ? 'not-permitted' : 'unreachable';
    throw new TctiError(code, `Cannot read the transcript ${path} (${cause.code ?? cause.message})`, {
      cause,
    });
  } finally {
    await file?.close();
  }
}

/** Runs something at a bridge while a transcript of it is written to a new file, where one is wanted. */
import type { OpenTcti } from '../../harvest/open-channel.ts';
import { openTcti } from '../../tcti/open-tcti.ts';
import { Recorder } from '../../tcti/record-tcti.ts';
import type { TctiConf } from '../../tcti/tcti-conf.ts';
import { freshBytes, redact, redactCommand } from '../../tpm/transcript-rules.ts';
import { StationError } from '../errors.ts';

export interface TranscriptOfRun {
  readonly file: string;
  /** Why it ends before the run did. */
  readonly fault?: string;
}

export interface TranscriptWanted {
  /** Absent: none. */
  readonly file: string | undefined;
  /** The run has the password of a hierarchy; nothing of it is recorded but this. */
  readonly withPassword?: boolean;
}

/** Throws StationError `transcript-…` before `run` has begun; nothing is overwritten. */
export async function withTranscript<T>(
  { file, withPassword }: TranscriptWanted,
  bridge: TctiConf,
  run: (open: OpenTcti) => Promise<T>,
): Promise<{ readonly result: T; readonly transcript?: TranscriptOfRun }> {
  if (file === undefined) return { result: await run(openTcti) };
  const recorder = await createRecorder(file, bridge, withPassword === true);
  try {
    const result = await run(recorder.recording(openTcti));
    await recorder.close();
    const { fault } = recorder;
    return { result, transcript: { file, ...(fault === undefined ? {} : { fault: fault.message }) } };
  } finally {
    await recorder.close();
  }
}

async function createRecorder(file: string, { name }: TctiConf, withPassword: boolean): Promise<Recorder> {
  if (name === 'replay') throw new StationError('transcript-of-replay', `${file} was not made`);
  try {
    const head = { bridge: name, ...(withPassword && { withPassword }) };
    return await Recorder.create(file, head, { freshBytes, redactCommand, redact });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new StationError('transcript-exists', `${file} is there already`, { cause });
    throw new StationError('transcript-unwritable', message, { cause });
  }
}

/** Runs something at a bridge while a transcript of it is written to a new file, where one is wanted. */
import type { OpenTcti } from '../harvest/open-channel.ts';
import { openTcti } from '../tcti/open-tcti.ts';
import { Recorder } from '../tcti/record-tcti.ts';
import type { TctiConf } from '../tcti/tcti-conf.ts';
import { freshBytes, redact } from '../tpm/transcript-rules.ts';
import { StationError } from './errors.ts';

export interface TranscriptOfRun {
  readonly file: string;
  /** Why it ends before the run did. */
  readonly fault?: string;
}

/** Throws StationError `transcript-…` before `run` has begun; nothing is overwritten. */
export async function withTranscript<T>(
  file: string | undefined,
  bridge: TctiConf,
  run: (open: OpenTcti) => Promise<T>,
): Promise<{ readonly result: T; readonly transcript?: TranscriptOfRun }> {
  if (file === undefined) return { result: await run(openTcti) };
  const recorder = await createRecorder(file, bridge);
  try {
    const result = await run(recorder.recording(openTcti));
    await recorder.close();
    const { fault } = recorder;
    return { result, transcript: { file, ...(fault === undefined ? {} : { fault: fault.message }) } };
  } finally {
    await recorder.close();
  }
}

async function createRecorder(file: string, { name }: TctiConf): Promise<Recorder> {
  if (name === 'replay') throw new StationError('transcript-of-replay', `${file} was not made`);
  try {
    return await Recorder.create(file, name, { freshBytes, redact });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new StationError('transcript-exists', `${file} is there already`, { cause });
    throw new StationError('transcript-unwritable', message, { cause });
  }
}

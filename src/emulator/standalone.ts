/**
 * The emulator as a program of its own, for `keyline dps-emulator`: tells as its first line, in JSON, where it is and how
 * to reach it, and runs until it is asked to end. Where the folder is given, the instance keeps its keys over restarts.
 */
import { join } from 'node:path';
import { startEmulator } from './emulator.ts';

export interface StandaloneOptions {
  /** Folder of the CA, the keys, the policies and, unless in memory, the enrollments (`enrollments.sqlite`). */
  readonly dir: string;
  /** TCP port on 127.0.0.1; absent or 0 = any free one. */
  readonly port?: number | undefined;
  /** Enrollments and counts are kept on disk or gone at the end. */
  readonly keep: 'disk' | 'memory';
  /** Service operations per minute; absent = as many as come. */
  readonly operationsPerMinute?: number | undefined;
  /** Takes one line of standard output, without its line end. */
  readonly print: (line: string) => void;
  /** Ends the emulator cleanly. */
  readonly signal: AbortSignal;
}

/** What is printed first: the service as clients need it. The connection string is a secret of this emulator only. */
export interface Announcement {
  readonly serviceUrl: string;
  readonly connectionString: string;
  readonly idScope: string;
  readonly globalEndpoint: string;
  readonly caFile: string;
}

/** Resolves when the signal came and everything is closed. Throws EmulatorError where it cannot start. */
export async function runStandalone(options: StandaloneOptions): Promise<void> {
  const emulator = await startEmulator({
    dir: options.dir,
    port: options.port,
    throttle:
      options.operationsPerMinute === undefined ? undefined : { operations: options.operationsPerMinute },
    stateFile: options.keep === 'disk' ? join(options.dir, 'enrollments.sqlite') : undefined,
  });
  const { serviceUrl, connectionString, idScope, globalEndpoint, caFile } = emulator;
  const announcement: Announcement = { serviceUrl, connectionString, idScope, globalEndpoint, caFile };
  try {
    options.print(JSON.stringify(announcement));
    await aborted(options.signal);
  } finally {
    await emulator.close();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

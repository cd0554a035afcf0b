/** The DPS emulator as a process of its own, out of the way of what is measured: a DPS is another machine. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Announcement } from '../../src/emulator/standalone.ts';
import { checkout } from './build-screen.ts';
import { otherMachine } from './other-machine.ts';

export interface DpsAtWork {
  /** Environment of a station that drains to it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of its configuration. */
  readonly dps: { readonly host: string; readonly idScope: string };
}

/** Ended whatever becomes of `work`. @param folder of its keys; enrollments stay in memory */
export async function withDpsAtWork<T>(folder: string, work: (dps: DpsAtWork) => Promise<T>): Promise<T> {
  const [command, ...first] = otherMachine(path.join(checkout, 'keyline'));
  const child = spawn(
    command!,
    [...first, '--json', '--data-dir', folder, 'dps-emulator', '--keep', 'memory'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = once(child, 'exit');
  try {
    const announced = await Promise.race([
      once(createInterface({ input: child.stdout }), 'line'),
      ended.then(() => Promise.reject(new Error('the emulator ended'))),
    ]);
    const { serviceUrl, connectionString, caFile, idScope }: Announcement = JSON.parse(announced[0]);
    return await work({
      environment: { KEYLINE_DPS_CONNECTION_STRING: connectionString, KEYLINE_DPS_CA_FILE: caFile },
      dps: { host: serviceUrl.replace(/^https:\/\//, ''), idScope },
    });
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

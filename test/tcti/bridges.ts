/** The four carriers in front of a real swtpm, for tests that hold for all of them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startSwtpm } from '../../scripts/virtual-dut/start-swtpm.ts';
import { openTcti } from '../../src/tcti/open-tcti.ts';
import type { Tcti } from '../../src/tcti/tcti.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import type { RecordedBridge } from '../../src/tcti/transcript.ts';
import { startMssimFront } from './mssim-front.ts';
import { startRawPty } from './raw-pty.ts';

export const carriers: readonly RecordedBridge[] = ['swtpm', 'mssim', 'device', 'cmd'];

/** What closes after the test, in reverse order of `later`. */
export function cleanUp(context: TestContext): (action: () => unknown) => void {
  const actions: (() => unknown)[] = [];
  context.after(async () => {
    for (const action of actions.reverse()) await action();
  });
  return action => actions.push(action);
}

export async function temporaryFolder(later: (action: () => unknown) => void): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'keyline-tcti-'));
  later(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Puts whatever the carrier needs in front of a TCP port that speaks bare TPM frames; gives its conf string. */
export async function frontOf(
  carrier: RecordedBridge,
  port: number,
  later: (action: () => unknown) => void,
): Promise<string> {
  switch (carrier) {
    case 'swtpm':
      return `swtpm:host=127.0.0.1,port=${port}`;
    case 'mssim': {
      const front = await startMssimFront(port);
      later(() => front.close());
      return `mssim:host=127.0.0.1,port=${front.port}`;
    }
    case 'device': {
      const pty = await startRawPty(join(await temporaryFolder(later), 'tpm0'), port);
      later(() => pty.close());
      return `device:${pty.path}`;
    }
    case 'cmd':
      return `cmd:socat - TCP:127.0.0.1:${port},nodelay`;
  }
}

export interface Dut {
  readonly conf: string;
  /** swtpm's process: stop it (SIGSTOP) for a mute TPM, kill it for one that loses power. */
  readonly pid: number;
  /** Opens the bridge; it is closed after the test. The terminal of `device` serves one bridge, then goes away. */
  open(): Promise<Tcti>;
}

/** A fresh swtpm with the carrier's front; all of it closed after the test. */
export async function startDut(carrier: RecordedBridge, context: TestContext): Promise<Dut> {
  const later = cleanUp(context);
  const swtpm = await startSwtpm({ stateDir: await temporaryFolder(later) });
  later(() => swtpm.stop());
  const conf = await frontOf(carrier, swtpm.port, later);
  const open = async () => {
    const tcti = await openTcti(parseTctiConf(conf), { connectDeadlineMs: 5_000 });
    later(() => tcti.close());
    return tcti;
  };
  return { conf, pid: swtpm.pid, open };
}

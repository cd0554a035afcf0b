/** The carriers in front of a real swtpm, for tests that hold for all of them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { giveToDut, startSshDut, type Way } from '../../scripts/virtual-dut/ssh-dut.ts';
import { startSwtpm } from '../../scripts/virtual-dut/start-swtpm.ts';
import { openTcti } from '../../src/tcti/open-tcti.ts';
import type { SshAccess } from '../../src/tcti/ssh-access.ts';
import type { Tcti } from '../../src/tcti/tcti.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import type { RecordedBridge } from '../../src/tcti/transcript.ts';
import { startMssimFront } from './mssim-front.ts';
import { startRawPty } from './raw-pty.ts';

/** The carriers that reach a port by themselves. */
export type Carrier = Exclude<RecordedBridge, 'ssh'>;
export const carriers: readonly Carrier[] = ['swtpm', 'mssim', 'device', 'cmd'];

/** Every carrier, `ssh` in both its ways. */
export type Front = Carrier | `ssh ${Way}`;
export const fronts: readonly Front[] = [...carriers, 'ssh tpm2_send', 'ssh dd'];

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
  carrier: Carrier,
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
  readonly ssh?: SshAccess | undefined;
  /** swtpm's process: stop it (SIGSTOP) for a mute TPM, kill it for one that loses power. */
  readonly pid: number;
  /** Opens the bridge; it is closed after the test. The terminal of `device` serves one bridge, then goes away. */
  open(): Promise<Tcti>;
}

/** A fresh swtpm with the carrier's front; all of it closed after the test. */
export async function startDut(front: Front, context: TestContext): Promise<Dut> {
  const later = cleanUp(context);
  const swtpm = await startSwtpm({ stateDir: await temporaryFolder(later) });
  later(() => swtpm.stop());
  const bridge = isSsh(front)
    ? await sshInFrontOf(front, swtpm.port, later)
    : { conf: await frontOf(front, swtpm.port, later), ssh: undefined };
  const open = async () => {
    const tcti = await openTcti(parseTctiConf(bridge.conf), { connectDeadlineMs: 5_000, ssh: bridge.ssh });
    later(() => tcti.close());
    return tcti;
  };
  return { ...bridge, pid: swtpm.pid, open };
}

export function isSsh(front: Front): front is `ssh ${Way}` {
  return front.startsWith('ssh ');
}

/** A DUT behind sshd whose TPM is a swtpm: through tpm2_send, or as a character device through dd. */
export async function sshInFrontOf(
  front: `ssh ${Way}`,
  port: number,
  later: (action: () => unknown) => void,
): Promise<{ conf: string; ssh: SshAccess }> {
  const way = front === 'ssh dd' ? 'dd' : 'tpm2_send';
  const tcti = way === 'dd' ? await deviceOnDut(port, later) : `swtpm:host=127.0.0.1,port=${port}`;
  const { conf, access } = await startSshDut({ way, tcti }, later);
  return { conf, ssh: access };
}

/** A terminal that the DUT's user may open, as `device:PATH`. */
export async function deviceOnDut(port: number, later: (action: () => unknown) => void): Promise<string> {
  const folder = await temporaryFolder(later);
  await giveToDut(folder, 0o755);
  const pty = await startRawPty(join(folder, 'tpm0'), port);
  later(() => pty.close());
  await giveToDut(pty.path, 0o600);
  return `device:${pty.path}`;
}

/** A carrier in front of a port that speaks bare TPM frames, to be opened again and again as a real bridge can be. */
import { join } from 'node:path';
import type { OpenTcti } from '../../src/harvest/open-channel.ts';
import { openTcti } from '../../src/tcti/open-tcti.ts';
import { frontOf, temporaryFolder } from '../tcti/bridges.ts';
import { type RawPty, startRawPty } from '../tcti/raw-pty.ts';

/** Those that reach a TPM on loopback, none of them behind a resource manager. */
export const localCarriers = ['swtpm', 'device', 'mssim', 'cmd'] as const;
export type LocalCarrier = (typeof localCarriers)[number];

export interface CarrierFront {
  /** Conf string, the same for every opening. */
  readonly bridge: string;
  /** Call before another process opens the bridge; `open` does it itself. */
  ready(): Promise<void>;
  readonly open: OpenTcti;
  close(): Promise<void>;
}

export async function startCarrierFront(carrier: LocalCarrier, port: number): Promise<CarrierFront> {
  const closing: (() => unknown)[] = [];
  const later = (action: () => unknown) => void closing.unshift(action);
  const close = async () => {
    for (const action of closing) await action();
  };
  if (carrier === 'device') return { ...(await terminalFront(port, later)), close };
  // As `frontOf` has it, but that socat does not linger when one end has gone.
  const bridge =
    carrier === 'cmd'
      ? `cmd:socat -t 0.02 - TCP:127.0.0.1:${port},nodelay`
      : await frontOf(carrier, port, later);
  return { bridge, ready: async () => {}, open: openTcti, close };
}

/**
 * A pseudo-terminal serves one user only, and not every kernel tells it when that user has gone: each opening gets a new
 * one at the same path, and it goes with its user.
 */
async function terminalFront(port: number, later: (action: () => unknown) => void) {
  const path = join(await temporaryFolder(later), 'tpm0');
  let terminal: RawPty | undefined;
  const release = async () => {
    const released = terminal;
    terminal = undefined;
    await released?.close();
  };
  later(release);
  const ready = async () => {
    await release();
    // In front of a TPM without power no terminal stays; that nothing is at the path is for the opening to tell.
    terminal = await startRawPty(path, port).catch(() => undefined);
  };
  const open: OpenTcti = async (conf, options) => {
    await ready();
    const tcti = await openTcti(conf, options);
    return {
      name: tcti.name,
      resourceManaged: tcti.resourceManaged,
      transmit: (command, limits) => tcti.transmit(command, limits),
      close: async () => {
        await tcti.close();
        await release();
      },
    };
  };
  return { bridge: `device:${path}`, ready, open };
}

/**
 * A raw pseudo-terminal (socat) in front of a TCP port: behaves towards a reader as a TPM device of the kernel does. A
 * terminal may cut a write into pieces, which the kernel's device never does and which swtpm 0.7 takes for commands of
 * their own; so whole commands are put together again behind it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { byteReader, readFrame } from './byte-reader.ts';
import { startServer } from './loopback-servers.ts';

export interface RawPty {
  readonly path: string;
  close(): Promise<void>;
}

/** How long socat waits for the other end when one has gone; half a second unless told. */
const SECONDS_AFTER_END = '0.02';

/** Resolves when `path`, a link to the terminal, is there. It serves one user, then goes away. */
export async function startRawPty(path: string, port: number): Promise<RawPty> {
  const relay = await startServer(socket => passWholeCommands(socket, port));
  const ends = [`PTY,raw,echo=0,link=${path}`, `TCP:127.0.0.1:${relay.port},nodelay`];
  const socat = spawn('socat', ['-t', SECONDS_AFTER_END, ...ends], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const gone = once(socat, 'close');
  while (!(await exists(path))) {
    if (socat.exitCode !== null) {
      relay.close();
      throw new Error('socat ended before its terminal was there');
    }
    await pause(5);
  }
  return {
    path,
    close: async () => {
      relay.close();
      socat.kill();
      await gone;
    },
  };
}

function passWholeCommands(terminal: Socket, port: number): void {
  const peer = connect({ host: '127.0.0.1', port, noDelay: true });
  peer.on('error', () => {}).on('close', () => terminal.destroySoon());
  terminal.on('close', () => peer.destroy());
  peer.on('data', bytes => terminal.write(bytes));
  const read = byteReader(terminal);
  const pass = async () => {
    for (;;) peer.write(await readFrame(read));
  };
  pass().catch(() => peer.destroy());
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

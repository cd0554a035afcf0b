/** A raw pseudo-terminal in front of a TCP port (socat): behaves towards a reader as a TPM device of the kernel does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

export interface RawPty {
  readonly path: string;
  close(): Promise<void>;
}

/** Resolves when `path`, a link to the terminal, is there. */
export async function startRawPty(path: string, port: number): Promise<RawPty> {
  const socat = spawn('socat', [`PTY,raw,echo=0,link=${path}`, `TCP:127.0.0.1:${port},nodelay`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const gone = once(socat, 'close');
  const exists = () =>
    access(path).then(
      () => true,
      () => false,
    );
  while (!(await exists())) {
    if (socat.exitCode !== null) throw new Error('socat ended before its terminal was there');
    await pause(5);
  }
  return {
    path,
    close: async () => {
      socat.kill();
      await gone;
    },
  };
}

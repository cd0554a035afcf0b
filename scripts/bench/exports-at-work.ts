/** Exports of the audit log by the command line, for as long as something else is measured. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { checkout } from './build-screen.ts';

/** One after the other, each a process of its own. */
export function keepExporting(dataDirectory: string) {
  let done = 0;
  const stopping = new AbortController();
  const run = async () => {
    while (!stopping.signal.aborted) {
      const out = path.join(dataDirectory, '..', 'exported.jsonl');
      const command = ['--data-dir', dataDirectory, 'audit', 'export', '--format', 'jsonl', '--out', out];
      const child = spawn(path.join(checkout, 'keyline'), command, {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, KEYLINE_SECRET_STORE: 'files' },
      });
      const end = () => child.kill('SIGTERM');
      stopping.signal.addEventListener('abort', end, { once: true });
      const [code] = await once(child, 'exit');
      stopping.signal.removeEventListener('abort', end);
      if (code === 0) done += 1;
      else if (!stopping.signal.aborted) throw new Error(`an export ended with ${code}`);
    }
  };
  const running = run();
  running.catch(() => {});
  return {
    done: () => done,
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

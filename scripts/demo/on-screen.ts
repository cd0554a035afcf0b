/**
 * The demo with a kiosk: opens it on the virtual line as `keyline start` would, and moves the boards. Some seconds after
 * a fixture passed, the robot hand puts the next board in.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCore } from '../../src/station/open-core.ts';
import { watchLedger } from '../../src/station/watch-ledger.ts';
import type { VirtualLine } from './virtual-line.ts';

const CHANGE_MS = 4_000;

/** @returns the exit code of the kiosk */
export async function runOnScreen(line: VirtualLine, say: (text: string) => void): Promise<number> {
  // The ledger is made here, so that it is a rehearsal whatever starts the kiosk.
  const core = openCore({ dataDirectory: line.dataDirectory, env: line.environment });
  let seen = core.ledger.counts.harvests();
  const changes = new Set<NodeJS.Timeout>();
  const unwatch = watchLedger(core, () => {
    const now = core.ledger.counts.harvests();
    const fresh = core.ledger.harvests.newest(now - seen);
    seen = now;
    for (const harvest of fresh) {
      if (harvest.verdict !== 'passed' || harvest.fixture === null) continue;
      const { fixture } = harvest;
      const timer = setTimeout(() => {
        changes.delete(timer);
        void line.manufacture('persisted').then(board => line.place(fixture, board));
      }, CHANGE_MS);
      changes.add(timer);
    }
  });
  say(
    'Try: type DEMO-0001 and Enter (as a scanner would), then F1. Each fixture has a board with a real software TPM;',
  );
  say(
    `${CHANGE_MS / 1000} seconds after a PASS the next board is put in. The same serial on the next board is a STOP.`,
  );
  say('The kiosk ends with Alt+F4, or with Ctrl+C here.');
  const launcher = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'keyline');
  const kiosk = spawn(launcher, ['start'], {
    stdio: 'inherit',
    env: { ...process.env, ...line.environment },
  });
  const pass = () => kiosk.kill('SIGTERM');
  process.once('SIGINT', pass).once('SIGTERM', pass);
  try {
    return await new Promise<number>((resolve, reject) => {
      kiosk.once('error', reject);
      kiosk.once('exit', code => resolve(code ?? 0));
    });
  } finally {
    unwatch();
    for (const timer of changes) clearTimeout(timer);
    core.close();
  }
}

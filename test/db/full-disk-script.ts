/** Runs on a small disk: fills it with a ledger, looks what is left of it, makes room and goes on. */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerError } from '../../db/errors.ts';
import { createLedger, openLedger } from '../../db/ledger-file.ts';
import { noon, recordDevice, seed } from './ledger-fixture.ts';

const directory = process.argv[2]!;
const path = join(directory, 'ledger.db');
const ballast = join(directory, 'ballast');
const made = { kind: 'rehearsal', ledgerId: 'l', now: noon } as const;

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (error) {
    return error instanceof LedgerError ? error.code : String(error);
  }
}

function fillWithBallast(): void {
  const bytes = Buffer.alloc(4096);
  try {
    for (;;) writeFileSync(ballast, bytes, { flag: 'a' });
  } catch {
    // Full: that was the aim.
  }
}

fillWithBallast();
const creation = codeOf(() => createLedger(path, made));
const afterCreation = readdirSync(directory);
rmSync(ballast);

writeFileSync(ballast, Buffer.alloc(400 * 1024));
const ledger = createLedger(path, made);
seed(ledger);
let acknowledged = 0;
const code = codeOf(() => {
  for (;;) {
    recordDevice(ledger, acknowledged + 1);
    acknowledged += 1;
  }
});
const whileFull = {
  devices: ledger.counts.devices(),
  harvests: ledger.counts.harvests(),
  queued: ledger.counts.outbox().queued,
  audit: ledger.audit.size(),
  quickCheck: ledger.quickCheck(),
};
rmSync(ballast);
const again = codeOf(() => recordDevice(ledger, acknowledged + 1));
ledger.close();
const reopened = openLedger(path);
const afterRoom = { devices: reopened.counts.devices(), quickCheck: reopened.quickCheck() };
reopened.close();
spawnSync('mount', ['-o', 'remount,ro', directory]);
const readOnly = codeOf(() => openLedger(path));
process.stdout.write(
  JSON.stringify({ creation, afterCreation, code, acknowledged, whileFull, again, afterRoom, readOnly }),
);

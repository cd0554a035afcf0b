/**
 * `npm run tamper -- [--cases N] [--seed S]`: changes exports, sealed files and ledgers in N ways (default 3000, each a third), one
 * bit, row, field or tail at a time, and expects `audit verify` to find each and to suspect nothing that is untouched (rule A3).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runTamper } from './tamper/run-tamper.ts';
import { sampleEvidence } from './tamper/sample-evidence.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '3000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
  },
});
const [cases, seed] = [values.cases, values.seed].map(Number);
if (!Number.isSafeInteger(cases) || !Number.isSafeInteger(seed) || cases! < 3) {
  console.error('usage: npm run tamper -- [--cases N] [--seed S]');
  process.exit(2);
}
const folder = mkdtempSync(path.join(tmpdir(), 'keyline-tamper-'));
try {
  console.log(`seed ${seed}, ${cases} cases`);
  const third = Math.ceil(cases! / 3);
  const { found, broken } = await runTamper(await sampleEvidence(folder), {
    seed: seed!,
    exports: third,
    sealed: third,
    ledgers: third,
    folder,
  });
  for (const [problem, count] of Object.entries(found).toSorted((a, b) => b[1] - a[1]))
    console.log(`${String(count).padStart(9)}  ${problem}`);
  for (const what of broken) console.error(`BROKEN  ${what}`);
  console.log(broken.length === 0 ? 'all was found' : `${broken.length} broken`);
  process.exitCode = broken.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

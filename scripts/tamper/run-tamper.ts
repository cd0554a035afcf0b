/**
 * Tampers with evidence in many ways and asks verify about each: every change must be found and its place named, and what
 * nobody touched must never be suspected.
 */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Trust } from '../../src/audit/verify/trust.ts';
import type { Verdict } from '../../src/audit/verify/verdict.ts';
import { verifyExport } from '../../src/audit/verify/verify-export.ts';
import { verifyLedgerFile } from '../../src/station/verify-ledger/verify-ledger-file.ts';
import { Random } from '../fuzz/random.ts';
import type { SampleEvidence } from './sample-evidence.ts';
import { sealedEvidence } from './sealed-evidence.ts';
import { tamperExport } from './tamper-export.ts';
import { tamperLedger } from './tamper-ledger.ts';

export interface TamperReport {
  /** How often each problem was the one that was named. */
  readonly found: Readonly<Record<string, number>>;
  /** What was not found, or found where nothing was. */
  readonly broken: readonly string[];
}

export async function runTamper(
  evidence: SampleEvidence,
  order: {
    readonly seed: number;
    readonly exports: number;
    readonly ledgers: number;
    /** Passports, lists with their manifests, and consistency proofs. */
    readonly sealed: number;
    readonly folder: string;
  },
): Promise<TamperReport> {
  const random = new Random(order.seed);
  const found: Record<string, number> = {};
  const broken: string[] = [];
  const trust: Trust = { key: evidence.keys[1], checkpoints: [evidence.witness] };
  const judge = (what: string, verdict: Verdict) => {
    if (verdict.ok) {
      broken.push(`not found: ${what}`);
      return;
    }
    found[verdict.problem] = (found[verdict.problem] ?? 0) + 1;
    if (verdict.detail === '') broken.push(`no place is named: ${what}`);
  };
  for (const file of evidence.exports) {
    const verdict = await verifyExport(file, trust);
    if (!verdict.ok) broken.push(`untouched ${path.basename(file)}: ${verdict.detail}`);
  }
  for (const { name, look } of sealedEvidence(evidence, random))
    for (const given of [trust, {}]) {
      const verdict = await look(given);
      if (!verdict.ok) broken.push(`untouched ${name}: ${verdict.detail}`);
    }
  const untouched = await verifyLedgerFile(evidence.ledger, trust);
  for (const verdict of untouched) if (!verdict.ok) broken.push(`untouched ledger: ${verdict.detail}`);
  const changed = path.join(order.folder, 'changed');
  for (let n = 0; n < order.exports; n += 1) {
    const file = random.pick(evidence.exports);
    const { what, bytes } = tamperExport(readFileSync(file), random);
    writeFileSync(changed, bytes);
    // Half of the time by whoever has nothing but the file.
    judge(`${path.basename(file)}: ${what}`, await verifyExport(changed, n % 2 === 0 ? trust : {}));
  }
  for (let n = 0; n < order.sealed; n += 1) {
    const { name, tampered } = random.pick(sealedEvidence(evidence, random));
    const { what, look } = tampered(order.folder);
    judge(`${name}: ${what}`, await look(n % 2 === 0 ? trust : {}));
  }
  const ledger = path.join(order.folder, 'changed.sqlite');
  for (let n = 0; n < order.ledgers; n += 1) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(ledger + suffix, { force: true });
    copyFileSync(evidence.ledger, ledger);
    const what = tamperLedger(ledger, random);
    judge(
      what,
      (await verifyLedgerFile(ledger, n % 2 === 0 ? { checkpoints: [evidence.witness] } : {})).at(-1)!,
    );
  }
  return { found, broken };
}

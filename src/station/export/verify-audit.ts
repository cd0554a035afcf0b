/** Verification of evidence (rule A3): files from anywhere, or this station's own ledger. Says in words what it proved. */
import { beginsAsDatabase } from '../../../db/ledger-file.ts';
import { kindOfFile } from '../../audit/verify/kind-of-file.ts';
import { type Trust, Trusted } from '../../audit/verify/trust.ts';
import type { Verdict, Verified } from '../../audit/verify/verdict.ts';
import { verifyCheckpoint } from '../../audit/verify/verify-checkpoint.ts';
import { verifyConsistency } from '../../audit/verify/verify-consistency.ts';
import { verifyExport } from '../../audit/verify/verify-export.ts';
import { verifyManifest } from '../../audit/verify/verify-manifest.ts';
import { verifyPassport } from '../../audit/verify/verify-passport.ts';
import { verifyLedgerFile } from '../verify-ledger/verify-ledger-file.ts';
import { type GivenTrust, noteIn, trustOf } from './given-trust.ts';
import { hintOf, meaningOf } from './verdict-words.ts';

export type AuditVerdict =
  | (Verified & { readonly file: string; readonly means: string })
  | {
      readonly ok: false;
      readonly file: string;
      readonly code: string;
      readonly hint: string;
      readonly problem: string;
      readonly place?: string;
      readonly detail: string;
    };

const verifiers = {
  export: verifyExport,
  manifest: verifyManifest,
  passport: verifyPassport,
  consistency: verifyConsistency,
};

/** Anything but a ledger. */
export async function verdictOfFile(file: string, given: GivenTrust): Promise<Verdict> {
  const kind = await kindOfFile(file);
  if (kind !== 'checkpoint') return verifiers[kind](file, trustOf(given));
  const others: string[] = [];
  for (const other of given.beside ?? [])
    if (other !== file && (await kindOfFile(other)) === 'checkpoint') others.push(noteIn(other));
  return verifyCheckpoint(file, trustOf(given), others);
}

export async function verifyFile(file: string, given: GivenTrust): Promise<AuditVerdict> {
  return told(file, await verdictOfFile(file, given));
}

/**
 * Whatever evidence it is: of a ledger one verdict for each of its logs, else one.
 * @param archives files in which entries of a ledger rest
 */
export async function verifyEvidence(
  file: string,
  given: GivenTrust,
  archives: readonly string[] = [],
): Promise<AuditVerdict[]> {
  if (!beginsAsDatabase(file)) return [await verifyFile(file, given)];
  const trust = trustOf(given);
  refuseBrokenTrust(trust);
  return (await verifyLedgerFile(file, trust, archives)).map(verdict => {
    const said = told(file, verdict);
    return said.ok ? said : { ...said, hint: ledgerHint };
  });
}

const ledgerHint =
  'This is not what the station wrote. Stop the station, keep the file as it is, and find out who changed it; go back to a verified copy.';

/** @throws AuditError where the given key or a given checkpoint is none */
function refuseBrokenTrust(trust: Trust): void {
  new Trusted(trust);
}

function told(file: string, verdict: Verdict): AuditVerdict {
  if (verdict.ok) return { ...verdict, file, means: meaningOf(verdict) };
  const place = [
    ...(verdict.index === undefined ? [] : [`entry ${verdict.index}`]),
    ...(verdict.line === undefined ? [] : [`line ${verdict.line}`]),
  ].join(', ');
  return {
    ok: false,
    file,
    code: verdict.problem,
    hint: hintOf(verdict.problem),
    problem: verdict.problem,
    ...(place === '' ? {} : { place }),
    detail: verdict.detail,
  };
}

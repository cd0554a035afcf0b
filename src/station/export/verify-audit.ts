/** Verification of evidence (rule A3): an export from anywhere, or this station's own ledger. Says in words what it proved. */
import { beginsAsDatabase } from '../../../db/ledger-file.ts';
import { AuditError } from '../../audit/errors.ts';
import { kindOfFile } from '../../audit/verify/kind-of-file.ts';
import { type Trust, Trusted } from '../../audit/verify/trust.ts';
import type { Verdict, Verified } from '../../audit/verify/verdict.ts';
import { verifyExport } from '../../audit/verify/verify-export.ts';
import { verifyManifest } from '../../audit/verify/verify-manifest.ts';
import { verifyPassport } from '../../audit/verify/verify-passport.ts';
import { readSmallFile } from '../read-small-file.ts';
import { verifyLedgerFile } from '../verify-ledger/verify-ledger-file.ts';

const LARGEST_CHECKPOINT = 64 * 1024;

export interface GivenTrust {
  /** C2SP verifier key, got from somewhere else than the file. */
  readonly key: string | undefined;
  /** Files with checkpoints (signed notes) that were kept outside. */
  readonly checkpoints: readonly string[];
}

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

const verifiers = { export: verifyExport, manifest: verifyManifest, passport: verifyPassport };

/** An export, a manifest or a passport. */
export async function verdictOfFile(file: string, given: GivenTrust): Promise<Verdict> {
  return verifiers[await kindOfFile(file)](file, trustOf(given));
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

function trustOf(given: GivenTrust): { key: string | undefined; checkpoints: string[] } {
  return {
    key: given.key,
    checkpoints: given.checkpoints.map(file => {
      try {
        return readSmallFile(file, LARGEST_CHECKPOINT);
      } catch (cause) {
        throw new AuditError('checkpoint-invalid', `${file}: ${(cause as Error).message}`, { cause });
      }
    }),
  };
}

function told(file: string, verdict: Verdict): AuditVerdict {
  if (verdict.ok) return { ...verdict, file, means: meaning(verdict) };
  const place = [
    ...(verdict.index === undefined ? [] : [`entry ${verdict.index}`]),
    ...(verdict.line === undefined ? [] : [`line ${verdict.line}`]),
  ].join(', ');
  return {
    ok: false,
    file,
    code: verdict.problem,
    hint:
      verdict.problem === 'not-an-export'
        ? 'This file is no audit export of Keyline. Check which file was given.'
        : 'This is not what the station wrote. Keep the file, and ask the station for a new export.',
    problem: verdict.problem,
    ...(place === '' ? {} : { place }),
    detail: verdict.detail,
  };
}

function meaning({ level, size, witnessedUpTo, signedUpTo }: Verified): string {
  switch (level) {
    case 'intact':
      return 'it fits itself; its key came with it, so give --key to know who signed it';
    case 'signed':
      return signedUpTo < size
        ? `the key you gave signed the first ${signedUpTo} entries; of the later ones only the station’s word stands`
        : 'the key you gave signed it; only the station could have left entries out before it signed';
    case 'witnessed':
      return witnessedUpTo < size
        ? `it extends your checkpoint of ${witnessedUpTo} entries; of the later ones only the station’s word stands`
        : 'it is what your checkpoint says, to the last entry';
  }
}

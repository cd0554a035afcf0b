/**
 * Verification at the station itself (rule A3): its ledger, or a file, held against what the station keeps elsewhere than there:
 * its key in the secret store and the checkpoints outside the ledger. A file of another station is verified as it stands: this
 * one cannot say who signed it.
 */
import type { Verdict, Verified } from '../../audit/verify/verdict.ts';
import { verdictOfFile } from '../export/verify-audit.ts';
import { checkpointFilesOf, type OutsideCheckpoint } from '../log/checkpoint-files.ts';
import { checkpointFolders } from '../log/checkpoint-folders.ts';
import { keyChainOf } from '../log/log-keys.ts';
import type { StationCore } from '../open-core.ts';
import { verifyLedgerFile } from '../verify-ledger/verify-ledger-file.ts';
import type { AuditFinding } from './audit-view.ts';

export async function verifyOwnLedger(core: StationCore): Promise<readonly AuditFinding[]> {
  const { verifierKey, logId, origin } = core.identity;
  const outside = largestOutside(core, logId, origin, Number.POSITIVE_INFINITY);
  const trust = { key: verifierKey, checkpoints: outside ? [outside.note] : [] };
  const verdicts = await verifyLedgerFile(core.ledger.path, trust);
  return verdicts.map(verdict => found(verdict, true));
}

export async function verifyExportedFile(core: StationCore, file: string): Promise<AuditFinding> {
  const bare = await verdictOfFile(file, { key: undefined, checkpoints: [] });
  const log = bare.ok ? core.ledger.logs.all().find(({ origin }) => origin === bare.origin) : undefined;
  if (!bare.ok || !log) return found(bare, false);
  const { keys } = keyChainOf(core, log.log_id);
  const isCurrent = log.log_id === core.identity.logId;
  // An older file is signed with a key that was exchanged since; which keys came one after the other the ledger says.
  const known = keys.includes(bare.verifierKey) ? bare.verifierKey : undefined;
  const key = known ?? (isCurrent ? core.identity.verifierKey : keys.at(-1));
  const outside = largestOutside(core, log.log_id, log.origin, bare.size);
  // A checkpoint of another size proves nothing of a passport, which shows some entries only.
  const fits = outside && (!bare.passport || outside.head.size === bare.size);
  return found(await verdictOfFile(file, { key, checkpoints: fits ? [outside.file] : [] }), true);
}

/** The largest that is kept outside and that this log's key signed, of at most so many entries. */
function largestOutside(
  core: StationCore,
  logId: string,
  origin: string,
  most: number,
): OutsideCheckpoint | undefined {
  const chain = keyChainOf(core, logId);
  return checkpointFolders(core)
    .filter(folder => folder !== undefined)
    .flatMap(folder => checkpointFilesOf(folder, origin))
    .filter(({ note, head }) => head.size <= most && chain.openCheckpoint(note))
    .toSorted((one, other) => other.head.size - one.head.size)[0];
}

function found(verdict: Verdict, own: boolean): AuditFinding {
  return verdict.ok ? proved(verdict, own) : verdict;
}

function proved(verdict: Verified, own: boolean): AuditFinding {
  const {
    level,
    origin,
    rehearsal = false,
    size,
    entries,
    withheld,
    signedUpTo,
    witnessedUpTo,
    rootHash,
  } = verdict;
  return {
    ok: true,
    ...{ level, origin, own, rehearsal, size, entries, withheld, signedUpTo, witnessedUpTo, rootHash },
    ...(verdict.devices === undefined ? {} : { devices: verdict.devices }),
    ...(verdict.extends === undefined ? {} : { extends: verdict.extends }),
    ...(verdict.passport && { registrationId: verdict.passport.registrationId }),
  };
}

/**
 * Verifies a ledger as a file (rule A3): every log it has had, how each goes on from the one before, and the tables beside
 * them. The file is opened read-only and read as of one moment; where that is impossible (an earlier schema, a
 * write-protected copy with its newest commits in the WAL) a temporary copy is read instead.
 */
import { constants, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LedgerError } from '../../../db/errors.ts';
import type { Ledger } from '../../../db/ledger.ts';
import { freshSchema, openLedger, openLedgerToRead } from '../../../db/ledger-file.ts';
import type { AuditEntryRow, LogKeyRow, LogRow } from '../../../db/rows.ts';
import { statedCheckpoint } from '../../audit/checkpoint.ts';
import { parseVerifierKey } from '../../audit/signed-note.ts';
import type { EntryFacts } from '../../audit/verify/scan-entry.ts';
import type { Trust } from '../../audit/verify/trust.ts';
import { Found, type Verdict, type Verified } from '../../audit/verify/verdict.ts';
import { verifyLedger } from '../../audit/verify/verify-ledger.ts';
import { type GivenArchives, givenArchives, RestingBytes } from '../archive/resting-bytes.ts';
import { LedgerJoin } from './ledger-join.ts';
import { LogArchives } from './log-archives.ts';
import { StoredSubtrees } from './stored-subtrees.ts';

/**
 * One verdict for each log, oldest first, up to the first that is not intact.
 * @param archives files of archives: what rests in them is looked at too
 * @throws LedgerError, AuditError; StationError `archive-file`
 */
export async function verifyLedgerFile(
  file: string,
  trust: Trust,
  archives: readonly string[] = [],
): Promise<Verdict[]> {
  const direct = openLedgerToRead(file);
  if (direct) return closing(direct, () => verifyOpened(direct, trust, archives));
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-verify-'));
  try {
    const copy = path.join(folder, 'ledger.sqlite');
    for (const suffix of ['', '-wal'])
      if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix, constants.COPYFILE_FICLONE);
    const ledger = openLedger(copy);
    return await closing(ledger, () => verifyOpened(ledger, trust, archives));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function closing<T>(ledger: Ledger, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    ledger.close();
  }
}

async function verifyOpened(ledger: Ledger, trust: Trust, archives: readonly string[]): Promise<Verdict[]> {
  const rows = ledger.auditJoin();
  const given = givenArchives(ledger, archives);
  return ledger.reading(async () => {
    const verdicts: Verdict[] = [];
    try {
      compareSchema(rows.schema());
      const join = new LedgerJoin(rows);
      const logs = ledger.logs.all();
      if (logs.length === 0) throw new Found('truncated', 'the ledger has no log yet');
      refuseStrangeTrust(logs, ledger, trust);
      for (const [at, log] of logs.entries()) {
        const verdict = await verifyLog(ledger, log, logs[at - 1], trustIn(trust, ledger, log), join, given);
        verdicts.push(verdict);
        if (!verdict.ok) return verdicts;
      }
      join.rest();
      verdicts.push({ ...(verdicts.pop() as Verified), ...unusedOf(trust, logs) });
    } catch (error) {
      // Damage that SQLite runs into is a finding about the file, not a fault of the one who looks.
      if (error instanceof LedgerError && error.code === 'corrupt')
        return [{ ok: false, problem: 'malformed', detail: error.message }];
      if (!(error instanceof Found)) throw error;
      return [error.problem];
    }
    return verdicts;
  });
}

async function verifyLog(
  ledger: Ledger,
  log: LogRow,
  before: LogRow | undefined,
  trust: Trust,
  join: LedgerJoin,
  given: GivenArchives,
): Promise<Verdict> {
  const { log_id } = log;
  const size = ledger.audit.size(log_id);
  const subtrees = new StoredSubtrees(ledger.subtrees, log_id);
  const keys = ledger.logKeys.ofLog(log_id);
  const checkpoints = ledger.checkpoints.ofLog(log_id);
  const misplaced = checkpoints.find(row => sizeOf(row.note) !== row.size);
  if (misplaced)
    throw new Found('checkpoint-differs', `the checkpoint of size ${misplaced.size} says another size`);
  const archives = new LogArchives(ledger, log, join, checkpoints.at(-1)?.size ?? 0);
  const resting = new RestingBytes(ledger, log, given);
  const verdict = await verifyLedger(
    {
      origin: log.origin,
      rehearsal: ledger.identity.kind === 'rehearsal',
      verifierKey: keys.at(-1)?.verifier_key ?? log.verifier_key,
      rotations: keys.map(({ note }) => note),
      size,
      entries: withBytes(ledger.audit.iterate(0, size, log_id), resting),
      checkpoints: checkpoints.map(row => row.note),
      beside: (entry, leafHash) => {
        if (entry.index === 0) judgeFirst(ledger, log, before, entry);
        if (entry.type === 'key-rotated') judgeRotation(keys, entry);
        archives.entry(entry.index, join.entry(log, entry), false);
        if (entry.type === 'archive') archives.told(entry);
        subtrees.leaf(leafHash);
      },
      resting: (index, leafHash) => {
        archives.entry(index, join.resting(log, index), true);
        subtrees.leaf(leafHash);
      },
    },
    trust,
  ).finally(() => resting.close());
  if (!verdict.ok) return verdict;
  subtrees.end();
  archives.end();
  const view = archives.view();
  return view.length === 0 ? verdict : { ...verdict, archives: view };
}

/** What rests in a file that was given is taken from it, and is judged as if it were here. */
function* withBytes(rows: Iterable<AuditEntryRow>, resting: RestingBytes) {
  for (const { idx, entry, leaf_hash } of rows) {
    if (entry.length > 0) {
      yield { idx, entry, leaf_hash };
      continue;
    }
    const archive = resting.archiveOf(idx);
    yield { idx, entry: archive && resting.of(archive, idx), leaf_hash };
  }
}

/** The first entry says which log this is, and which checkpoint of the log before it goes on from. */
function judgeFirst(ledger: Ledger, log: LogRow, before: LogRow | undefined, entry: EntryFacts): void {
  const { data } = entry;
  if (
    entry.type !== 'log-started' ||
    data.logId !== log.log_id ||
    data.stationId !== log.station_id ||
    data.verifierKey !== log.verifier_key
  )
    throw new Found('row-differs', 'the first entry does not begin the log of the table', { index: 0 });
  const note = data.previousCheckpoint;
  if (before === undefined) return;
  const latest = ledger.checkpoints.ofLog(before.log_id).map(row => row.note);
  if (typeof note === 'string' ? !latest.includes(note) : latest.length > 0)
    throw new Found('log-unconnected', `it does not go on from a checkpoint that ${before.origin} has here`, {
      index: 0,
    });
}

function judgeRotation(keys: readonly LogKeyRow[], { index, data }: EntryFacts): void {
  if (!keys.some(row => row.idx === index && row.note === data.note))
    throw new Found('row-differs', `the table of keys does not have the exchange of entry ${index}`, {
      index,
    });
}

function compareSchema(found: readonly { readonly name: string; readonly sql: string }[]): void {
  const expected = new Map(freshSchema().map(({ name, sql }) => [name, sql]));
  for (const { name, sql } of found) {
    // SQLite's own notes about the data are no part of the schema.
    if (name.startsWith('sqlite_')) continue;
    if (expected.get(name) !== sql)
      throw new Found('malformed', `${name} in the schema of this file is not what a ledger has`);
    expected.delete(name);
  }
  const [missing] = [...expected.keys()].filter(name => !name.startsWith('sqlite_'));
  if (missing !== undefined) throw new Found('malformed', `the schema of this file lacks ${missing}`);
}

/** The checkpoints that are of this log, and the key where it is one of it. */
function trustIn({ key, checkpoints = [], among = [] }: Trust, ledger: Ledger, log: LogRow): Trust {
  return {
    key: key !== undefined && isKeyOf(key, ledger, log) ? key : undefined,
    checkpoints: [...checkpoints, ...among].filter(note => originOf(note) === log.origin),
  };
}

/** What a folder of checkpoints has of logs that this ledger does not have. */
function unusedOf({ among = [] }: Trust, logs: readonly LogRow[]): Pick<Verified, 'unused'> {
  const otherLogs = among.filter(note => logs.every(log => log.origin !== originOf(note))).length;
  return otherLogs > 0 ? { unused: { otherLogs, newer: 0 } } : {};
}

function refuseStrangeTrust(logs: readonly LogRow[], ledger: Ledger, trust: Trust): void {
  const { key, checkpoints = [], among = [] } = trust;
  const strange = checkpoints.map(originOf).find(origin => !logs.some(log => log.origin === origin));
  if (among.length > 0 && unusedOf(trust, logs).unused?.otherLogs === among.length)
    throw new Found(
      'witness-other-log',
      `none of the ${among.length} given checkpoints is of a log of this ledger`,
    );
  if (strange !== undefined)
    throw new Found(
      'witness-other-log',
      `a given checkpoint is of ${strange}, which this ledger has no log of`,
    );
  if (key !== undefined && parseVerifierKey(key.trim()) && !logs.some(log => isKeyOf(key, ledger, log)))
    throw new Found('key-differs', 'no log of this ledger is signed with the given key');
}

function isKeyOf(key: string, ledger: Ledger, log: LogRow): boolean {
  const keys = [log.verifier_key, ...ledger.logKeys.ofLog(log.log_id).map(row => row.verifier_key)];
  return keys.includes(key.trim());
}

/** Undefined where it is none: whoever reads it next says so. */
const originOf = (note: string): string | undefined => statedCheckpoint(note)?.origin;
const sizeOf = (note: string): number | undefined => statedCheckpoint(note)?.size;

/** Verifies the log in a ledger: its stored rows against its own signed checkpoints and those given from outside. */
import { setImmediate } from 'node:timers/promises';
import { type Checkpoint, parseCheckpoint } from '../checkpoint.ts';
import { openNote, parseVerifierKey } from '../signed-note.ts';
import { LogJudge } from './judge-log.ts';
import { type Trust, Trusted } from './trust.ts';
import { Found, type Verdict, verdictOf } from './verdict.ts';

/** A log as a ledger has it. */
export interface StoredLog {
  readonly origin: string;
  readonly rehearsal: boolean;
  readonly verifierKey: string;
  readonly size: number;
  readonly entries: Iterable<{ readonly idx: number; readonly entry: Buffer; readonly leaf_hash: Buffer }>;
  /** Its signed notes. */
  readonly checkpoints: readonly string[];
}

const entriesPerTurn = 500;

/** @throws AuditError where the given key or a given checkpoint is none */
export async function verifyLedger(log: StoredLog, trust: Trust = {}): Promise<Verdict> {
  const trusted = new Trusted(trust);
  return verdictOf(async () => {
    const verifier = parseVerifierKey(log.verifierKey);
    if (verifier?.name !== log.origin)
      throw new Found('signature-wrong', 'the verifier key in the ledger is not one of this log');
    trusted.confirm(log.verifierKey, verifier);
    const own = log.checkpoints.map(note => {
      const opened = openNote(note, verifier);
      const head = opened.ok ? parseCheckpoint(opened.text) : undefined;
      if (head?.origin !== log.origin)
        throw new Found('signature-wrong', 'a checkpoint in the ledger is not signed by its key');
      return { note, head };
    });
    const heads: readonly Checkpoint[] = [...own.map(({ head }) => head), ...trusted.headsOf(log.origin)];
    const judge = new LogJudge(log, heads);
    for (const { idx, entry, leaf_hash } of log.entries) {
      if (idx !== judge.next) judge.position(idx, {}, false);
      judge.entry(entry, leaf_hash);
      if (judge.next % entriesPerTurn === 0) await setImmediate();
    }
    const newest = own.toSorted((a, b) => a.head.size - b.head.size).at(-1);
    return {
      ok: true,
      level: trusted.level,
      origin: log.origin,
      rehearsal: log.rehearsal,
      size: log.size,
      entries: judge.next,
      withheld: 0,
      rootHash: judge.finish().toString('hex'),
      ...(newest ? { checkpoint: newest.note } : {}),
      verifierKey: log.verifierKey,
      signedUpTo: newest?.head.size ?? 0,
      witnessedUpTo: trusted.witnessedUpTo,
    };
  });
}

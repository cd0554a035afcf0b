/** Verifies the log in a ledger: its stored rows against its own signed checkpoints and those given from outside. */
import { setImmediate } from 'node:timers/promises';
import type { Checkpoint } from '../checkpoint.ts';
import { LogJudge } from './judge-log.ts';
import { KeysInLog, keyChainOf } from './keys-in-log.ts';
import type { EntryFacts } from './scan-entry.ts';
import { type Trust, Trusted } from './trust.ts';
import { Found, type Verdict, verdictOf } from './verdict.ts';

/** A log as a ledger has it. */
export interface StoredLog {
  readonly origin: string;
  readonly rehearsal: boolean;
  /** The key that signs today. */
  readonly verifierKey: string;
  /** Notes by which one key took the place of another, first one first. */
  readonly rotations?: readonly string[] | undefined;
  readonly size: number;
  /** Without an entry's bytes where they rest elsewhere: its leaf hash stands for it. */
  readonly entries: Iterable<{
    readonly idx: number;
    readonly entry: Buffer | undefined;
    readonly leaf_hash: Buffer;
  }>;
  /** Its signed notes. */
  readonly checkpoints: readonly string[];
  /** Told of each entry that fits, in order; throws `Found` where something beside the log does not fit to it. */
  readonly beside?: ((entry: EntryFacts, leafHash: Buffer) => void) | undefined;
  /** Told of each entry without bytes; throws `Found` where nothing says that they rest elsewhere. */
  readonly resting?: ((index: number, leafHash: Buffer) => void) | undefined;
}

const entriesPerTurn = 500;

/** @throws AuditError where the given key or a given checkpoint is none */
export async function verifyLedger(log: StoredLog, trust: Trust = {}): Promise<Verdict> {
  const trusted = new Trusted(trust);
  return verdictOf(async () => {
    const chain = keyChainOf(log.origin, log.verifierKey, log.rotations);
    const outside = trusted.headsOf(log.origin, Number.POSITIVE_INFINITY);
    trusted.confirmChain(chain);
    const keys = new KeysInLog();
    const own = log.checkpoints.map(note => {
      const head = chain.openCheckpoint(note);
      if (!head) throw new Found('signature-wrong', 'a checkpoint in the ledger is not signed by its key');
      return { note, head };
    });
    const heads: readonly Checkpoint[] = [...own.map(({ head }) => head), ...outside];
    const judge = new LogJudge(log, heads);
    let withheld = 0;
    for (const { idx, entry, leaf_hash } of log.entries) {
      if (idx !== judge.next) judge.position(idx, {}, false);
      if (entry) {
        const facts = judge.entry(entry, leaf_hash);
        keys.take(facts);
        log.beside?.(facts, leaf_hash);
      } else {
        judge.withheld(idx, leaf_hash);
        log.resting?.(idx, leaf_hash);
        withheld += 1;
      }
      if (judge.next % entriesPerTurn === 0) await setImmediate();
    }
    const rootHash = judge.finish();
    keys.compare(chain, false);
    const newest = own.toSorted((a, b) => a.head.size - b.head.size).at(-1);
    return {
      ok: true,
      level: trusted.level,
      origin: log.origin,
      rehearsal: log.rehearsal,
      size: log.size,
      entries: judge.next - withheld,
      withheld,
      rootHash: rootHash.toString('hex'),
      ...(newest ? { checkpoint: newest.note } : {}),
      verifierKey: log.verifierKey,
      signedUpTo: newest?.head.size ?? 0,
      witnessedUpTo: trusted.witnessedUpTo,
    };
  });
}

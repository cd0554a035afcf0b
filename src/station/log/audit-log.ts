/**
 * The station's pen in the audit log: appends an entry inside the caller's ledger transaction, and signs checkpoints.
 * Index and origin are read in that same transaction, so that no gap and no second tree can come of two processes.
 */
import type { Ledger } from '../../../db/ledger.ts';
import { signCheckpoint } from '../../audit/checkpoint.ts';
import { type AuditEntry, makeEntry } from '../../audit/entry.ts';
import type { StoredTree } from '../../audit/stored-tree.ts';
import type { StationClock } from '../clock/station-clock.ts';
import { auditTree, fillTree } from './audit-tree.ts';
import type { StationIdentity } from './identity.ts';

export interface LogHead {
  readonly size: number;
  readonly rootHash: Buffer;
}

export class AuditLog {
  readonly #ledger: Ledger;
  readonly #clock: StationClock;
  readonly #rehearsal: boolean;

  constructor(ledger: Ledger, clock: StationClock, rehearsal: boolean) {
    this.#ledger = ledger;
    this.#clock = clock;
    this.#rehearsal = rehearsal;
  }

  /** Call inside a transaction. @returns the index of the entry in its log */
  append({ origin, logId }: StationIdentity, personId: string, content: AuditContent): number {
    const index = this.#ledger.audit.nextIndex(logId);
    const { bytes, leafHash } = makeEntry({
      origin,
      index,
      personId,
      rehearsal: this.#rehearsal,
      ...this.#clock.read(),
      ...content,
    });
    return this.#ledger.audit.append({ entry: bytes, leaf_hash: leafHash }, index);
  }

  /** The plain RFC 6962 root over all leaves there are now. */
  head(): LogHead {
    const size = this.#ledger.audit.size();
    return { size, rootHash: this.#tree().rootHash(size) };
  }

  /**
   * RFC 6962 section 2.1.1: that entry `index` of the current log stands in its tree of `size` entries; nearest sibling first.
   * @throws RangeError where it does not
   */
  inclusionProof(index: number, size: number): Buffer[] {
    return this.#tree().inclusionProof(index, size);
  }

  /** RFC 6962 section 2.1.2: that the current log of `size` entries goes on from its first `first` ones. */
  consistencyProof(first: number, size: number): Buffer[] {
    return this.#tree().consistencyProof(first, size);
  }

  /**
   * Signs the head as a C2SP checkpoint and keeps it in the ledger.
   * @param identityNow asked in the transaction: another process may have exchanged the key or begun another log
   */
  checkpoint(identityNow: () => StationIdentity): LogHead & { readonly note: string } {
    fillTree(this.#ledger, identityNow().logId);
    return this.#ledger.transaction(() => this.signHead(identityNow()));
  }

  /** As `checkpoint`, within the caller's transaction: what it appended is signed with it or not there at all. */
  signHead({ logId, origin, key }: StationIdentity): LogHead & { readonly note: string } {
    const head = this.head();
    const note = signCheckpoint(key, { origin, ...head });
    const { at } = this.#clock.read();
    this.#ledger.checkpoints.insert({ log_id: logId, size: head.size, note, made_at: at });
    return { ...head, note };
  }

  #tree(): StoredTree {
    return auditTree(this.#ledger, this.#ledger.logs.current()!.log_id);
  }
}

type Distributive<T> = T extends unknown ? Pick<T, Extract<keyof T, 'type' | 'data'>> : never;
export type AuditContent = Distributive<AuditEntry>;

/** What was seen from outside a station and must hold from then on, whatever is killed. */
import { createHash } from 'node:crypto';
import type { LedgerSnapshot } from './ledger-snapshot.ts';

/** What of the lines matters: those of `import`, and of the commands that change a device. */
interface Told {
  readonly verdict?: string;
  readonly registrationId?: string;
  readonly serial?: string;
  readonly entryId?: string;
  readonly deleteEntry?: string | null;
  readonly createEntry?: string;
}

export class Witness {
  /** Registration ids that a command acknowledged on its standard output. */
  readonly accepted = new Set<string>();
  /** Devices in service by what was heard: registration id and serial. */
  readonly inService = new Map<string, string>();
  /** Entries that a command acknowledged. */
  readonly requested = new Set<string>();
  /** Entries that the ledger had as acknowledged. */
  readonly enrolled = new Set<string>();
  /** Signed notes that the ledger held, by size. */
  readonly checkpoints = new Map<number, string>();
  #logSize = 0;
  #logDigest = '';

  /** Takes the complete lines that a command printed with `--json`. */
  hear(stdout: string): void {
    for (const line of stdout.split('\n').slice(0, -1)) this.#hearOne(JSON.parse(line) as Told);
  }

  #hearOne(told: Told): void {
    const { registrationId, serial } = told;
    for (const entryId of [told.entryId, told.deleteEntry, told.createEntry])
      if (entryId) this.requested.add(entryId);
    if (registrationId === undefined) return;
    if (told.verdict === 'imported' || told.verdict === 'known' || told.createEntry) {
      this.accepted.add(registrationId);
      if (told.createEntry)
        for (const [id, other] of this.inService) if (other === serial) this.inService.delete(id);
      if (serial) this.inService.set(registrationId, serial);
    } else if (told.deleteEntry !== undefined) this.inService.delete(registrationId);
  }

  /** @returns what of the past the ledger has lost */
  compare(ledger: LedgerSnapshot): string[] {
    const registered = new Set(ledger.outbox.map(entry => entry.registrationId));
    const acknowledged = new Set(
      ledger.outbox.filter(entry => entry.state === 'enrolled').map(entry => entry.entryId),
    );
    const entries = new Set(ledger.outbox.map(entry => entry.entryId));
    const notes = new Set(ledger.checkpoints.map(({ note }) => note));
    const past = ledger.leafHashes.slice(0, this.#logSize);
    return [
      ...[...this.accepted]
        .filter(id => !registered.has(id))
        .map(id => `lost: ${id} was accepted and is not in the outbox`),
      ...[...this.requested]
        .filter(entryId => !entries.has(entryId))
        .map(entryId => `lost: entry ${entryId} was accepted and is not in the outbox`),
      ...[...this.enrolled]
        .filter(entryId => !acknowledged.has(entryId))
        .map(entryId => `entry ${entryId} was acknowledged and is not any more`),
      ...[...this.checkpoints]
        .filter(([, note]) => !notes.has(note))
        .map(([size]) => `the checkpoint of ${size} entries is gone`),
      ...(past.length === this.#logSize && digestOf(past) === this.#logDigest
        ? []
        : [`the audit log no longer begins with the ${this.#logSize} entries that it had`]),
    ];
  }

  remember(ledger: LedgerSnapshot): void {
    for (const { entryId, state } of ledger.outbox) if (state === 'enrolled') this.enrolled.add(entryId);
    for (const { size, note } of ledger.checkpoints) this.checkpoints.set(size, note);
    this.#logSize = ledger.leafHashes.length;
    this.#logDigest = digestOf(ledger.leafHashes);
  }

  constructor() {
    this.#logDigest = digestOf([]);
  }
}

function digestOf(leafHashes: readonly Buffer[]): string {
  const hash = createHash('sha256');
  for (const leaf of leafHashes) hash.update(leaf);
  return hash.digest('hex');
}

/**
 * Holds the tables of a ledger against its log (rule A3): each attempt, device and outbox entry has its evidence, each entry
 * has its row, they say the same, and every state can have come about as the log tells. What is only in a table (times of
 * the next try, etags, DPS's answers) is nobody's evidence and is not looked at.
 */
import { hash } from 'node:crypto';
import type { AuditJoin, JoinedDevice, JoinedHarvest, JoinedOutbox } from '../../../db/audit-join.ts';
import type { LogRow } from '../../../db/rows.ts';
import type { EntryFacts } from '../../audit/verify/scan-entry.ts';
import { Found, type ProblemCode } from '../../audit/verify/verdict.ts';
import { attemptTypes, compareAttempt, same } from './attempt-of-entry.ts';

/** States that an outbox entry can be in after the log said this of it last; other changes decide nothing. */
const statesAfter: Readonly<Record<string, readonly string[]>> = {
  enrolled: ['enrolled'],
  conflict: ['conflict'],
  quarantined: ['quarantined'],
  cancelled: ['cancelled'],
  retried: ['queued', 'sending'],
};
const statesUndecided: readonly string[] = ['queued', 'sending'];

export class LedgerJoin {
  readonly #rows: AuditJoin;
  readonly #harvests: Iterator<JoinedHarvest, void>;
  #next: JoinedHarvest | undefined;

  constructor(rows: AuditJoin) {
    this.#rows = rows;
    this.#harvests = rows.harvests();
    this.#next = this.#harvests.next().value ?? undefined;
  }

  /** Logs oldest first, their entries in order. @returns the attempt that the entry tells of @throws Found */
  entry(log: LogRow, entry: EntryFacts): JoinedHarvest | undefined {
    if (attemptTypes.has(entry.type)) return this.#attempt(log, entry);
    if (entry.type === 'enrollment') this.#enrollment(entry);
    else if (entry.type === 'certificate-judgement') this.#certificate(entry);
    return undefined;
  }

  /** An entry whose bytes rest in an archive, in its place. @returns the attempt that has this entry @throws Found */
  resting(log: LogRow, index: number): JoinedHarvest | undefined {
    const row = this.#next;
    if (row?.log_id !== log.log_id || row.audit_index > index) return undefined;
    if (row.audit_index < index) throw withoutEntry(row);
    this.#next = this.#harvests.next().value ?? undefined;
    this.#refuseWithoutDevice(row);
    return row;
  }

  /** What an archive binds of an outbox entry whose evidence rests in it: the state that it was settled in. */
  settled(entryId: string, state: string): void {
    this.#rows.note(entryId, state in statesAfter ? state : null);
  }

  /** After the last entry of the last log. @throws Found */
  rest(): void {
    if (this.#next) throw withoutEntry(this.#next);
    for (const device of this.#rows.devices()) this.#device(device);
    for (const row of this.#rows.outbox()) judgeOutbox(row);
  }

  #attempt(log: LogRow, entry: EntryFacts): JoinedHarvest {
    const { index } = entry;
    const row = this.#next;
    if (row?.log_id !== log.log_id || row.audit_index !== index) {
      // Rows and entries were written together, so they have one order: what is behind has lost its other half.
      if (row && row.log_id === log.log_id && row.audit_index < index) throw withoutEntry(row);
      throw new Found(
        'entry-without-row',
        `entry ${index} tells of an attempt that the table does not have`,
        {
          index,
        },
      );
    }
    this.#next = this.#harvests.next().value ?? undefined;
    compareAttempt(row, entry);
    this.#refuseWithoutDevice(row);
    return row;
  }

  #refuseWithoutDevice({ verdict, ek_sha256, audit_index: index }: JoinedHarvest): void {
    if (verdict === 'passed' && ek_sha256 !== null && !this.#rows.hasDeviceOfEk(ek_sha256))
      throw new Found('entry-without-row', `the device that passed in entry ${index} is not in the table`, {
        index,
      });
  }

  /** A judgement that was made again, off the DUT: it holds until a later attempt says otherwise. */
  #certificate({ data }: EntryFacts): void {
    const { status } = (data.certificate ?? {}) as { status?: unknown };
    const before = this.#next?.number ?? Number.MAX_SAFE_INTEGER;
    this.#rows.noteCertificate(`${data.ekSha256}`, { status: `${status}`, before });
  }

  #enrollment({ index, data }: EntryFacts): void {
    const entryId = `${data.entryId}`;
    const row = this.#rows.outboxEntry(entryId);
    if (!row)
      throw new Found(
        'entry-without-row',
        `entry ${index} tells of outbox entry ${entryId}, which is not there`,
        {
          index,
        },
      );
    same(index, `outbox entry ${entryId}`, {
      'registration id': [row.registration_id, data.registrationId],
      harvest: [row.harvest_id, data.harvestId],
    });
    const change = `${data.change}`;
    this.#rows.note(entryId, change in statesAfter ? change : null);
  }

  #device(device: JoinedDevice): void {
    const { device_id, ek_sha256, certificate } = device;
    const what = `device ${device_id}`;
    if (hash('sha256', device.endorsement_key) !== ek_sha256)
      throw differs('row-differs', what, 'its key is not what its digest was made from');
    const attempts = this.#rows.harvestsOfEk(ek_sha256).filter(row => row.verdict !== 'failed');
    if (!attempts.some(row => row.harvest_id === device.harvest_id))
      throw differs('row-without-entry', what, 'the attempt that made it is not one at its key');
    const accepted = attempts.filter(({ verdict }) => verdict === 'passed' || verdict === 'retest');
    // One that goes on from another, under another id or on another board, has the entry that asked for it as well.
    const isAsked =
      device.predecessor_id !== null && this.#rows.isSpokenOf(device_id, device.registration_id);
    const has = (name: 'serial' | 'product' | 'work_order' | 'registration_id') =>
      attempts.some(row => row[name] === device[name]);
    if (!isAsked && accepted.length === 0)
      throw differs('row-without-entry', what, 'no attempt at its key passed');
    if (!has('serial')) throw differs('row-differs', what, 'no attempt at its key has its serial');
    if (!has('product')) throw differs('row-differs', what, 'no attempt at its key is of its product');
    if (!has('work_order')) throw differs('row-differs', what, 'no attempt at its key is of its work order');
    if (!isAsked && !has('registration_id'))
      throw differs('row-differs', what, 'no attempt at its key came to its registration id');
    if (!this.#rows.hasOutboxEntry(device_id, device.registration_id))
      throw differs('entry-without-row', what, 'the outbox never had anything for it');
    if (!this.#isStateOf(device, attempts))
      throw differs(
        'row-differs',
        what,
        `no attempt at its key found its certificate ${device.certificate_status}`,
      );
    const sha256 = certificate && hash('sha256', certificate);
    const digests = attempts
      .filter(row => row.certificate_status !== null)
      .map(row => row.certificate_sha256);
    if (sha256 !== null && !digests.includes(sha256) && !digests.includes(null))
      throw differs('row-differs', what, 'no attempt at its key read its certificate');
  }

  /** Whether the state of its certificate is what the log says of its key: last, or where it left service, ever. */
  #isStateOf(device: JoinedDevice, attempts: readonly JoinedHarvest[]): boolean {
    const { certificate_status: state, harvest_id, retired_at } = device;
    const said = this.#rows.certificateSaid(device.ek_sha256);
    const [last] = said;
    if (state === (last?.status ?? 'unchecked')) return true;
    const wasSaid =
      retired_at !== null && (state === 'unchecked' || said.some(({ status }) => status === state));
    const since = retired_at === null ? (last?.before ?? 0) : 0;
    return (
      wasSaid ||
      attempts.some(
        row =>
          row.number >= since &&
          // What made it by an import had no certificate to find.
          (row.certificate_status ?? (row.harvest_id === harvest_id ? 'unchecked' : undefined)) === state,
      )
    );
  }
}

function judgeOutbox(row: JoinedOutbox): void {
  const what = `outbox entry ${row.entry_id}`;
  const states = row.change === null ? statesUndecided : statesAfter[row.change]!;
  if (!states.includes(row.state))
    throw differs(
      'state-unreachable',
      what,
      `it is ${row.state}, but the log ${row.change === null ? 'decides nothing' : `says ${row.change}`} of it`,
    );
  if (row.harvest_id !== row.device_harvest_id)
    throw differs('row-differs', what, 'it names another attempt than its device');
  const document = documentOf(row.document);
  // What cannot be read is never sent; the drain sets it aside.
  if (document === undefined) return;
  if (document.registrationId !== row.registration_id)
    throw differs('row-differs', what, 'its document is for another registration id');
  if (document.attestation?.tpm?.endorsementKey !== row.endorsement_key.toString('base64'))
    throw differs('row-differs', what, 'its document has not the key of its device');
}

interface DocumentParts {
  readonly registrationId?: unknown;
  readonly attestation?: { readonly tpm?: { readonly endorsementKey?: unknown } };
}

function documentOf(text: string): DocumentParts | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}

function withoutEntry(row: JoinedHarvest): Found {
  return new Found(
    'row-without-entry',
    `the table has attempt ${row.harvest_id}, entry ${row.audit_index} does not tell of it`,
    { index: row.audit_index },
  );
}

function differs(problem: ProblemCode, what: string, why: string): Found {
  return new Found(problem, `${what}: ${why}`);
}

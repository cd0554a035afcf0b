/**
 * Whether ledger, audit log, what the outside saw and what DPS counted agree: at any moment while no process runs, and at
 * the end, when everything must have arrived. Each disagreement is one line of words.
 */
import type { EnrollmentCounts, EnrollmentRecord, ServiceState } from './emulated-service.ts';
import type { LedgerSnapshot, OutboxEntry } from './ledger-snapshot.ts';
import type { Witness } from './witness.ts';

export interface Situation {
  readonly ledger: LedgerSnapshot | undefined;
  readonly service: ServiceState;
  readonly witness: Witness;
  /**
   * The service may carry out a request long after its sender gave up: then DPS can have what the ledger rightly has as
   * queued, and be asked to create it again.
   */
  readonly serviceIsLate: boolean;
}

/** What holds at any moment. */
export function disagreements(situation: Situation): string[] {
  const { ledger, service, witness } = situation;
  if (ledger === undefined) {
    const lost = witness.accepted.size + service.enrollments.length;
    return lost > 0 ? [`lost: there is no ledger, with ${lost} devices accepted or in DPS`] : [];
  }
  const entriesOf = Map.groupBy(ledger.outbox, entry => entry.registrationId);
  const inDps = new Map(service.enrollments.map(counts => [counts.registrationId, counts]));
  return [
    ...ledger.damage.map(finding => `the ledger is damaged: ${finding}`),
    ...witness.compare(ledger),
    ...ledger.counts
      .filter(({ kept, real }) => kept !== real)
      .map(({ name, kept, real }) => `the ledger counts ${kept} ${name} and holds ${real}`),
    ...(ledger.withoutEvidence > 0
      ? [`${ledger.withoutEvidence} attempts are not what their audit entries say`]
      : []),
    ...service.enrollments.flatMap(counts =>
      aboutEnrollment(counts, entriesOf.get(counts.registrationId) ?? [], situation.serviceIsLate),
    ),
    ...ledger.outbox.flatMap(entry => aboutEntry(entry, inDps.get(entry.registrationId), ledger)),
  ];
}

/** What holds besides when everything was sent in peace. */
export function remainders({ ledger, service }: Situation): string[] {
  if (ledger === undefined) return [];
  return [
    ...ledger.outbox
      .filter(({ state }) => state !== 'enrolled' && state !== 'cancelled')
      .map(
        ({ registrationId, operation, state }) => `stuck: the ${operation} of ${registrationId} is ${state}`,
      ),
    ...unfinished(ledger, service),
  ];
}

/** The whole log with its signed checkpoints, by the product's own verifier. */
export async function logFaults({ ledger }: Situation): Promise<string[]> {
  if (ledger === undefined || ledger.leafHashes.length === 0) return [];
  const verdict = await ledger.verify();
  return verdict.ok ? [] : [`the audit log does not verify: ${verdict.problem}: ${verdict.detail}`];
}

/** Every entry was acknowledged: what was asked for is exactly what DPS did. */
function unfinished(ledger: LedgerSnapshot, service: ServiceState): string[] {
  const done = (counted: 'created' | 'deleted') =>
    service.enrollments.reduce((sum, counts) => sum + counts[counted], 0);
  const fulfilled = (operation: string) =>
    ledger.outbox.filter(entry => entry.operation === operation && entry.state === 'enrolled').length;
  const pairs = [
    ['created', fulfilled('create'), done('created')],
    ['deleted', fulfilled('delete'), done('deleted')],
  ] as const;
  return pairs
    .filter(([, wanted, found]) => wanted !== found)
    .map(([what, wanted, found]) => `the ledger has ${wanted} as ${what}, DPS counts ${found}`);
}

/** At the end DPS has exactly what the ledger's entries, one over the other, want it to have. */
export function unwanted({ ledger }: Situation, records: readonly EnrollmentRecord[]): string[] {
  if (ledger === undefined) return [];
  const found = new Map(records.map(record => [record.registrationId, record]));
  const fulfilled = ledger.outbox.filter(({ state }) => state === 'enrolled');
  return [...Map.groupBy(fulfilled, entry => entry.registrationId)].flatMap(([registrationId, entries]) => {
    const record = found.get(registrationId);
    const isWanted = entries.at(-1)?.operation !== 'delete';
    if (!isWanted) return record ? [`${registrationId} was deleted, and DPS has it`] : [];
    if (!record) return [`lost: DPS has no ${registrationId}`];
    const wanted: Partial<EnrollmentRecord> = Object.assign({}, ...entries.map(entry => entry.document));
    const pairs = [
      ['status', wanted.provisioningStatus ?? 'enabled', record.provisioningStatus],
      ['revision', wanted.initialTwin?.tags?.revision, record.initialTwin?.tags?.revision],
      ['key', wanted.attestation?.tpm?.endorsementKey, record.attestation?.tpm?.endorsementKey],
    ] as const;
    return pairs
      .filter(([, ours, theirs]) => ours !== theirs)
      .map(([what, ours, theirs]) => `${registrationId} in DPS has the ${what} ${theirs}, wanted is ${ours}`);
  });
}

function aboutEnrollment(
  { registrationId, created, overwritten, deleted, repeatedCreates }: EnrollmentCounts,
  entries: readonly OutboxEntry[],
  serviceIsLate: boolean,
): string[] {
  /** How often DPS may have been asked to: an entry that never left the queue has asked for nothing. */
  const mayHaveAsked = (...operations: readonly string[]) =>
    entries.filter(
      ({ state, operation }) =>
        operations.includes(operation) && (sentStates.has(state) || (serviceIsLate && state === 'queued')),
    ).length;
  const mayCreate = mayHaveAsked('create');
  const mayOverwrite = mayHaveAsked('update', 'disable', 'enable');
  const mayDelete = mayHaveAsked('delete');
  return [
    ...(entries.length === 0 ? [`DPS has ${registrationId}, and the ledger does not know it`] : []),
    ...(created > Math.max(mayCreate, 1) ? [`created twice: ${registrationId}, ${created} times`] : []),
    ...(created > mayCreate && entries.length > 0
      ? [
          `DPS has ${registrationId}, and the ledger has it as ${entries.map(({ state }) => state).join(', ')}`,
        ]
      : []),
    ...(overwritten > mayOverwrite
      ? [`overwritten: ${registrationId}, ${overwritten} times where ${mayOverwrite} were asked for`]
      : []),
    ...(deleted > mayDelete
      ? [`deleted: ${registrationId}, ${deleted} times where ${mayDelete} were asked for`]
      : []),
    ...(repeatedCreates > 0 && !serviceIsLate
      ? [`sent again without asking: ${registrationId}, ${repeatedCreates} times`]
      : []),
  ];
}

const sentStates: ReadonlySet<string> = new Set(['sending', 'enrolled']);

function aboutEntry(
  { entryId, registrationId, operation, state }: OutboxEntry,
  counts: EnrollmentCounts | undefined,
  { acknowledgements, devices }: LedgerSnapshot,
): string[] {
  const said = acknowledgements.get(entryId) ?? 0;
  const due = state === 'enrolled' ? 1 : 0;
  const isMissing = operation === 'create' && state === 'enrolled' && (counts?.created ?? 0) < 1;
  return [
    ...(isMissing ? [`lost: ${registrationId} is acknowledged in the ledger, and DPS does not have it`] : []),
    ...(said === due ? [] : [`${registrationId} is ${state}, and the audit acknowledges it ${said} times`]),
    ...(devices.has(registrationId) ? [] : [`${registrationId} is in the outbox without a device`]),
  ];
}

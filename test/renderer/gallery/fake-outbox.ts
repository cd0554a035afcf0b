/** An outbox that lives in the page: lists, comparisons and a drain that stand still until a test moves them. */
import type {
  CertificateDebt,
  CompareAnswer,
  DebtPage,
  DeskDecision,
  DeskRefusalCode,
  DrainAct,
  DrainAnswer,
  DrainOutlook,
  EntryComparison,
  OutboxView,
  QueueEntry,
  QueuePage,
  ResolveAnswer,
  RetryAnswer,
  StationView,
} from '../../../src/api/contract.ts';

const minute = 60_000;
const registrationId = (n: number) =>
  `k2v7n4qzr3u5mxw6ytb2ajhe4cdslf7gpo3i6q5rztuxnvk${String(n).padStart(5, '0')}`;

export function entryOf(n: number, rest: Partial<QueueEntry> = {}): QueueEntry {
  return {
    entryId: `entry-${n}`,
    operation: 'create',
    state: 'queued',
    deviceId: `device-${n}`,
    serial: `GX2-${String(n).padStart(6, '0')}`,
    registrationId: registrationId(n),
    harvestId: `harvest-${n}`,
    dpsHost: 'plant.azure-devices-provisioning.net',
    idScope: '0ne00ABCDEF',
    attempts: 0,
    createdAt: Date.now() - 41 * minute,
    sentAt: null,
    settledAt: null,
    waitsFor: null,
    because: null,
    reason: null,
    detail: null,
    ...rest,
  };
}

const conflicts: readonly QueueEntry[] = [
  entryOf(1, { state: 'conflict', reason: 'clone-elsewhere', attempts: 1 }),
  entryOf(2, { state: 'conflict', reason: 'other-endorsement-key', attempts: 1 }),
  entryOf(3, { state: 'conflict', reason: 'unknown-origin', attempts: 2 }),
  entryOf(4, { state: 'conflict', reason: 'gone-from-dps', operation: 'disable', attempts: 1 }),
];
const aside: readonly QueueEntry[] = [
  entryOf(5, { state: 'quarantined', reason: 'other-dps' }),
  entryOf(6, {
    state: 'quarantined',
    reason: 'rejected-by-dps',
    attempts: 1,
    detail: 'initialTwin.tags: the name “line 3” has characters that a twin does not take',
  }),
];
const debts: readonly CertificateDebt[] = (['unchecked', 'untrusted', 'absent', 'revoked'] as const).map(
  (certificate, n) => ({
    deviceId: `device-${n}`,
    serial: `GX2-0042${n}0`,
    product: 'Gateway GX-2',
    workOrder: n === 0 ? null : 'WO-88213',
    registrationId: registrationId(n),
    origin: 'harvested',
    certificate,
    detail: certificate === 'revoked' ? 'certificate 2a31 was revoked on 2026-11-19 (keyCompromise)' : null,
    recordedAt: Date.UTC(2026, 10, 20, 8, 15 + n),
  }),
);

/** What the comparison of a clone looks like: same key, other serial. */
export function comparisonOf(entry: QueueEntry): EntryComparison {
  const otherKey = entry.reason === 'other-endorsement-key';
  const there = entry.state === 'conflict' && entry.reason !== 'gone-from-dps';
  const field = (name: string, ours: string | null, theirs: string | null, alone = false) => ({
    name,
    ours,
    theirs,
    differs: !alone && ours !== theirs,
  });
  const decide = {
    'clone-elsewhere': ['keep', 'replace', 'cancel'],
    'unknown-origin': ['keep', 'replace', 'cancel'],
    'other-endorsement-key': ['keep', 'replace', 'new-id', 'cancel'],
    'gone-from-dps': ['replace', 'cancel'],
    'other-dps': ['cancel', 'retarget'],
    'rejected-by-dps': ['cancel'],
  } as const;
  const reason = entry.reason as keyof typeof decide | null;
  const roles = { keep: ['supervisor', 'engineer'], cancel: ['supervisor', 'engineer'] } as const;
  const likely = reason && { code: reason, what: 'said elsewhere', likely: 'said elsewhere' };
  return {
    entry,
    cause: likely,
    timesSent: entry.attempts,
    decisions: (reason ? decide[reason] : (['cancel'] as const)).map(decision => ({
      decision,
      roles: decision === 'keep' || decision === 'cancel' ? roles[decision] : ['supervisor'],
    })),
    fields: there
      ? [
          field('registrationId', entry.registrationId, entry.registrationId),
          field(
            'endorsementKey',
            'a3f0 19bc 77e2 d048',
            otherKey ? 'a3f0 4c1d 77e2 0b95' : 'a3f0 19bc 77e2 d048',
          ),
          field('serial', entry.serial, entry.reason === 'unknown-origin' ? null : 'GX2-004107'),
          field('stationId', '4f1c9a52-7d3b-4f7e-9a51-0c6f4e1b2d33', '9d27e6f0-1b44-4c58-8a3e-5f0b7c9d1e22'),
          field('harvestId', entry.harvestId, 'harvest-of-line-2'),
          field('deviceId', null, null),
          field('provisioningStatus', 'enabled', 'disabled'),
          field(
            'initialTwin',
            '{"tags":{"line":"3","product":"GX-2"}}',
            '{"tags":{"line":"2","product":"GX-2"}}',
          ),
          field('createdDateTimeUtc', null, '2026-09-30T05:12:09.481Z', true),
        ].filter(each => each.ours !== null || each.theirs !== null)
      : [],
  };
}

/** @param length entries that wait */
export function waitingEntries(length: number): readonly QueueEntry[] {
  return Array.from({ length }, (_, n) => entryOf(1000 + n));
}

/** As the station says it: no promise while nothing can be sent. */
export function outlookOf({ outbox, connection }: Pick<StationView, 'outbox' | 'connection'>): DrainOutlook {
  const at = Date.now();
  const waiting = outbox.queued + outbox.sending;
  const perMinute = 57;
  const history = Array.from({ length: 45 }, (_, n) => ({
    at: at - (45 - n) * minute,
    waiting: Math.round(n < 30 ? waiting * (0.2 + n / 22) : waiting * (1.56 - (n - 30) / 27)),
  }));
  const known = { waiting, oldestAgeMs: waiting === 0 ? null : 41 * minute };
  const forecastOf = (): DrainOutlook['forecast'] => {
    if (waiting === 0) return { ...known, perMinute: 0, emptyInMs: 0, limitedBy: 'nothing' };
    if (outbox.paused) return { ...known, perMinute: 0, emptyInMs: null, limitedBy: 'pause' };
    if (connection.state !== 'online')
      return { ...known, perMinute: 0, emptyInMs: null, limitedBy: 'connection' };
    return {
      ...known,
      perMinute,
      emptyInMs: Math.round((waiting * minute) / perMinute),
      limitedBy: 'service',
    };
  };
  return {
    at,
    history: [...history, { at, waiting }],
    forecast: forecastOf(),
    paused: outbox.paused ?? null,
    certificateDebt: debts.length,
    held: waiting === 0 ? 0 : 3,
  };
}

const order = (id: string) => Number(id.split('-')[1]);

function pageOf<Row>(
  rows: readonly Row[],
  idOf: (row: Row) => string,
  { limit, after }: { readonly limit: number; readonly after?: string },
): readonly Row[] {
  const behind = after === undefined ? -1 : order(after);
  return rows.filter(row => order(idOf(row)) > behind).slice(0, limit);
}

/** Mina alone decides, by her PIN; entries that she decided on are settled. */
function refusalOf(by: DeskDecision['by']): DeskRefusalCode | undefined {
  if (by === undefined) return undefined;
  if (!('id' in by) || by.id !== 'mina') return 'role-missing';
  return by.pin === '240817' ? undefined : 'sign-in-refused';
}

export interface FakeOutbox {
  entries: readonly QueueEntry[];
}

/** @param become takes what the outbox is from now on, as its event would say */
export function fakeOutbox(
  station: () => Pick<StationView, 'outbox' | 'connection'>,
  become: (outbox: OutboxView) => void,
) {
  const outbox = () => station().outbox;
  const held: FakeOutbox = { entries: [...conflicts, ...aside, ...waitingEntries(1_198)] };
  const find = (id: string) => held.entries.find(entry => entry.entryId === id);
  const settle = (id: string, state: QueueEntry['state']) => {
    const before = find(id)!.state;
    held.entries = held.entries.map(each => (each.entryId === id ? { ...each, state, reason: null } : each));
    const now = outbox();
    become({ ...now, [before]: Math.max(now[before as 'queued'] - 1, 0) });
  };
  const unknown = { ok: false, code: 'entry-unknown', detail: '' } as const;
  const refused = (code: DeskRefusalCode) => ({ ok: false, code, detail: '' }) as const;
  return {
    held,
    listQueue: ({ state, ...page }: QueuePage) =>
      pageOf(
        held.entries.filter(entry => entry.state === state),
        entry => entry.entryId,
        page,
      ),
    listDebts: (page: DebtPage) => pageOf(debts, debt => debt.deviceId, page),
    compareEntry({ entry }: { entry: string }): CompareAnswer {
      const found = find(entry);
      return found ? { ok: true, comparison: comparisonOf(found) } : unknown;
    },
    retryEntry({ entry }: { entry: string }): RetryAnswer {
      if (!find(entry)) return unknown;
      settle(entry, 'queued');
      return { ok: true };
    },
    resolveEntry({ entry, decision, by }: DeskDecision): ResolveAnswer {
      const found = find(entry);
      const refusal = refusalOf(by);
      if (!found) return unknown;
      if (refusal) return refused(refusal);
      settle(entry, 'cancelled');
      const { registrationId: id } = found;
      const resolution = { entryId: entry, decision, state: 'cancelled', nextEntryId: null } as const;
      return { ok: true, resolution: { ...resolution, registrationId: id, retired: false } };
    },
    drainOutlook: () => outlookOf(station()),
    pauseDrain({ reason, by }: DrainAct): DrainAnswer {
      const refusal = refusalOf(by);
      if (refusal) return refused(refusal) as DrainAnswer;
      become({ ...outbox(), paused: { since: Date.now(), reason } });
      return { ok: true };
    },
    resumeDrain({ by }: DrainAct): DrainAnswer {
      const refusal = refusalOf(by);
      if (refusal) return refused(refusal) as DrainAnswer;
      const { paused: _past, ...sending } = outbox();
      become(sending);
      return { ok: true };
    },
    tryDrainNow: () => undefined,
  };
}

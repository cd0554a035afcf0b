/**
 * A station that lives in the page: it answers as src/station/kiosk/kiosk-station.ts promises, but decides nothing. For the
 * gallery and for tests of the screen alone; tests of the whole use the real host.
 */
import { applyEvent } from '../../../src/api/apply-event.ts';
import type {
  FixtureView,
  LiveEvent,
  PersonView,
  StationView,
  StopView,
  WhoView,
} from '../../../src/api/contract.ts';
import type { Session, SessionState } from '../../../src/api/session.ts';
import { fakeAudit } from './fake-audit.ts';
import { fakeBackup } from './fake-backup.ts';
import { fakeBatch } from './fake-batch.ts';
import { fakeActOn, fakeFind, fakeShow } from './fake-devices.ts';
import { fakeOrders } from './fake-orders.ts';
import { type FakeOutbox, fakeOutbox } from './fake-outbox.ts';
import { fakeSettings } from './fake-settings.ts';
import { fakeVerdicts } from './fake-verdicts.ts';

export interface FakeSession extends Session {
  /** What its outbox holds; a test may give it other entries. */
  readonly outbox: FakeOutbox;
  /** Its configuration changes under the screen. */
  changeSettings(): void;
  show(view: StationView): void;
  /** The station is not open, and says why. */
  showStop(stop: StopView): void;
  /** Its last restore is on record. */
  restoredOnce(): void;
  /** What is done with a backup goes on as long as it is held. */
  holdBackup(held: boolean): void;
  lose(): void;
  /** Every call the screen made, oldest first, as `name argument`. */
  readonly calls: string[];
}

/** Who the gallery knows, by what they show; `mina` is locked out after a PIN of only nines. */
const minaPin = '240817';
const people: readonly (PersonView & { readonly badge?: string })[] = [
  person('choi', '최영희', 'engineer'),
  person('lee', 'Lee Sang-hoon', 'auditor'),
  person('mina', 'Kim Mina', 'supervisor', 'B-0001'),
  person('park', '박지훈', 'operator', 'B-0002'),
];

function person(id: string, name: string, role: PersonView['role'], badge?: string) {
  const lockedUntil = id === 'lee' ? Date.now() + 754_000 : null;
  const addedAt = Date.UTC(2026, 8, 14, 7, 30);
  const ways = { hasBadge: badge !== undefined, hasPin: role !== 'operator' };
  return { id, name, role, ...ways, lockedUntil, addedAt, ...(badge && { badge }) };
}

export function signedIn(id: string, proof: 'badge' | 'pin'): WhoView {
  const { name, role } = people.find(each => each.id === id)!;
  return { state: 'signed-in', id, name, role, proof };
}

export function fakeSession(first: StationView): FakeSession {
  let state: SessionState = { link: 'live', view: first };
  const listeners = new Set<() => void>();
  const calls: string[] = [];
  const change = (next: SessionState) => {
    state = next;
    for (const listener of listeners) listener();
  };
  const apply = (event: LiveEvent) => {
    const view = applyEvent(state.view, event);
    change(view ? { link: 'live', view } : state);
  };
  const fixtures = () => state.view!.fixtures;
  const become = (fixture: FixtureView, to: Partial<FixtureView>) => {
    const { serial: _serial, verdict: _verdict, startedAt: _at, durationMs: _ms, ...bare } = fixture;
    apply({ kind: 'fixture', fixture: { ...bare, steps: [], ...to } });
  };
  const calling =
    <Input, Answer>(name: string, answer: (input: Input) => Answer) =>
    async (input?: Input) => {
      calls.push(`${name} ${JSON.stringify(input) ?? ''}`.trim());
      // An answer takes a while, as over a wire: the page meanwhile goes on with the key that asked.
      await new Promise(resolve => setTimeout(resolve, 20));
      return answer(input as Input);
    };

  const audit = fakeAudit();
  const backup = fakeBackup(minaPin);
  const batch = fakeBatch();
  let known: readonly PersonView[] = people;
  const outbox = fakeOutbox(
    () => state.view!,
    next => apply({ kind: 'outbox', outbox: next }),
  );
  const verdicts = fakeVerdicts(fixtures, fixture => apply({ kind: 'fixture', fixture }));
  const settings = fakeSettings();
  const orders = fakeOrders(workOrder => apply({ kind: 'work-order', workOrder }));
  const wrong = { ok: false, code: 'sign-in-refused' } as const;
  const enter = (id: string, proof: 'badge' | 'pin') => {
    apply({ kind: 'who', who: signedIn(id, proof) });
    return { ok: true, resume: 'secret' } as const;
  };
  const personWith = (id: string) => known.find(each => each.id === id);

  return {
    calls,
    readBatch: async () => batch.readBatch(),
    sendBatchFile: calling('sendBatchFile', batch.sendBatchFile),
    setBatch: calling('setBatch', batch.setBatch),
    runBatch: calling('runBatch', batch.runBatch),
    stopBatch: calling('stopBatch', batch.stopBatch),
    listBatchRows: calling('listBatchRows', batch.listBatchRows),
    saveBatchReport: calling('saveBatchReport', batch.saveBatchReport),
    discardBatch: calling('discardBatch', batch.discardBatch),
    readAudit: async () => audit.readAudit(),
    runAudit: calling('runAudit', audit.runAudit),
    stopAudit: calling('stopAudit', audit.stopAudit),
    listExportedFiles: calling('listExportedFiles', audit.listExportedFiles),
    readBackups: async () => backup.readBackups(),
    makeBackup: calling('makeBackup', backup.makeBackup),
    verifyBackup: calling('verifyBackup', backup.verifyBackup),
    stopBackup: calling('stopBackup', backup.stopBackup),
    restoreBackup: calling('restoreBackup', backup.restoreBackup),
    restoredOnce: backup.restoredOnce,
    holdBackup: backup.holdBackup,
    openAgain: calling('openAgain', () => ({ ok: true }) as const),
    restoreStopped: calling('restoreStopped', () => ({ ok: true }) as const),
    endStopped: calling('endStopped', () => ({ ok: true }) as const),
    showStop: stop => change({ link: 'live', stop }),
    findDevices: calling('findDevices', fakeFind),
    actOnDevice: calling('actOnDevice', fakeActOn),
    showDevice: calling('showDevice', fakeShow),
    compareAttempt: calling('compareAttempt', verdicts.compareAttempt),
    overruleAttempt: calling('overruleAttempt', verdicts.overruleAttempt),
    changeSettings: settings.meanwhile,
    readSettings: calling('readSettings', settings.readSettings) as never,
    checkSettings: calling('checkSettings', settings.checkSettings) as never,
    saveSettings: calling('saveSettings', settings.saveSettings) as never,
    testFixture: calling('testFixture', settings.testFixture) as never,
    testDps: calling('testDps', settings.testDps) as never,
    previewProduct: calling('previewProduct', settings.previewProduct) as never,
    setDpsKey: calling('setDpsKey', settings.setDpsKey) as never,
    forgetDpsKey: calling('forgetDpsKey', settings.forgetDpsKey) as never,
    readTrust: calling('readTrust', settings.readTrust) as never,
    addTrusted: calling('addTrusted', settings.addTrusted) as never,
    removeTrusted: calling('removeTrusted', settings.removeTrusted) as never,
    outbox: outbox.held,
    listQueue: calling('listQueue', outbox.listQueue),
    listDebts: calling('listDebts', outbox.listDebts),
    compareEntry: calling('compareEntry', outbox.compareEntry),
    retryEntry: calling('retryEntry', outbox.retryEntry),
    resolveEntry: calling('resolveEntry', outbox.resolveEntry),
    listWorkOrders: calling('listWorkOrders', orders.listWorkOrders),
    findWorkOrder: calling('findWorkOrder', orders.findWorkOrder),
    openWorkOrder: calling('openWorkOrder', orders.openWorkOrder),
    chooseWorkOrder: calling('chooseWorkOrder', orders.chooseWorkOrder),
    setWorkOrderAside: calling('setWorkOrderAside', orders.setWorkOrderAside),
    closeWorkOrder: calling('closeWorkOrder', orders.closeWorkOrder),
    changeQuantity: calling('changeQuantity', orders.changeQuantity),
    lastAttempts: calling('lastAttempts', orders.lastAttempts),
    drainOutlook: calling('drainOutlook', outbox.drainOutlook),
    pauseDrain: calling('pauseDrain', outbox.pauseDrain),
    resumeDrain: calling('resumeDrain', outbox.resumeDrain),
    tryDrainNow: calling('tryDrainNow', outbox.tryDrainNow),
    signIn: calling('signIn', (input: { badge?: string; id?: string; pin?: string | undefined }) => {
      const prefix = state.view!.station.badgePrefix;
      if (input.badge !== undefined && prefix && !input.badge.startsWith(prefix))
        return { ok: false, code: 'not-a-badge' } as const;
      const found = people.find(each => each.id === input.id || (each.badge && each.badge === input.badge));
      if (input.pin !== undefined && /^9+$/.test(input.pin))
        return { ok: false, code: 'sign-in-locked', waitMs: 30_000 } as const;
      if (!found || (input.pin !== undefined && input.pin !== minaPin)) return wrong;
      return enter(found.id, input.pin === undefined ? 'badge' : 'pin');
    }),
    lock: calling('lock', () => apply({ kind: 'who', who: { state: 'locked' } })),
    stay: async () => {},
    addFirstSupervisor: calling('addFirstSupervisor', (_input: { id: string }) => enter('mina', 'pin')),
    setOwnPin: calling(
      'setOwnPin',
      ({ pin }: { pin: string }) => (pin === minaPin ? { ok: true } : wrong) as never,
    ),
    leaveKiosk: calling('leaveKiosk', ({ by }: { by?: { pin: string } }) =>
      by && by.pin !== minaPin ? wrong : ({ ok: true } as const),
    ),
    listPeople: calling('listPeople', () => ({ ok: true, people: known }) as const),
    addPerson: calling(
      'addPerson',
      (input: { id: string; name: string; role: PersonView['role']; badge?: string | undefined }) => {
        if (personWith(input.id)) return { ok: false, code: 'person-exists' } as const;
        const added = person(input.id, input.name, input.role, input.badge);
        known = [...known, added].sort((a, b) => (a.id < b.id ? -1 : 1));
        return { ok: true, person: added } as const;
      },
    ),
    removePerson: calling('removePerson', ({ id }: { id: string }) => {
      const gone = personWith(id);
      if (!gone) return { ok: false, code: 'person-unknown' } as const;
      if (id === 'mina') return { ok: false, code: 'last-supervisor' } as const;
      known = known.filter(each => each !== gone);
      return { ok: true, person: gone } as const;
    }),
    setPersonPin: calling('setPersonPin', ({ pin }: { id: string; pin: string }) =>
      pin === '111111' ? ({ ok: false, code: 'pin-weak' } as const) : ({ ok: true } as const),
    ),
    giveHierarchyPassword: calling(
      'giveHierarchyPassword',
      ({ fixture, by }: { fixture: string; password: string; by?: { pin: string } }) => {
        if (by && by.pin !== minaPin) return wrong;
        const given = state.view!.fixtures.find(({ id }) => id === fixture)!;
        const { verdict: _verdict, ...rest } = given;
        apply({ kind: 'fixture', fixture: { ...rest, state: 'running', hasPassword: true } });
        return { ok: true, started: true } as const;
      },
    ),
    forgetHierarchyPassword: calling('forgetHierarchyPassword', ({ fixture }: { fixture: string }) => {
      const { hasPassword: _kept, ...rest } = state.view!.fixtures.find(({ id }) => id === fixture)!;
      apply({ kind: 'fixture', fixture: rest });
      return { ok: true } as const;
    }),
    show: view => change({ link: 'live', view }),
    lose: () => change({ ...state, link: 'lost' }),
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {},
    view: async () => state.view!,
    scan: calling('scan', ({ text, fixture: id }: { text: string; fixture?: string }) => {
      if (text.length > 128) return { ok: false, code: 'serial-too-long' } as const;
      if (text.startsWith('WO-')) return { ok: false, code: 'work-order-scanned' } as const;
      if (text.startsWith('OTHER')) return { ok: false, code: 'serial-pattern' } as const;
      if (/[\0-\x1f]/.test(text)) return { ok: false, code: 'serial-characters' } as const;
      const holder = fixtures().find(each => each.serial === text && each.id !== id);
      if (holder) return { ok: false, code: 'already-in-fixture', fixture: holder.id } as const;
      const free = fixtures().filter(({ state: now }) => now === 'idle' || now === 'decided');
      const place = id === undefined ? free[0] : fixtures().find(each => each.id === id);
      if (id === undefined && free.length > 1) return { ok: false, code: 'choose-fixture' } as const;
      if (!place) return { ok: false, code: id === undefined ? 'running' : 'unknown-fixture' } as const;
      if (place.state === 'running') return { ok: false, code: 'running', fixture: place.id } as const;
      become(place, { state: 'armed', serial: text });
      return { ok: true, fixture: place.id } as const;
    }),
    start: calling('start', ({ fixture: id }: { fixture?: string }) => {
      const ready = fixtures().filter(each => each.state === 'armed' && (id === undefined || each.id === id));
      for (const each of ready)
        become(each, {
          ...(each.serial && { serial: each.serial }),
          state: 'running',
          startedAt: Date.now(),
        });
      return ready.length > 0
        ? ({ ok: true, started: ready.length } as const)
        : ({ ok: false, code: 'nothing-armed' } as const);
    }),
    stop: calling('stop', ({ fixture: id }: { fixture: string }) => {
      const place = fixtures().find(each => each.id === id);
      if (place?.state !== 'running') return { ok: false, code: 'not-running' } as const;
      become(place, { state: 'idle' });
      return { ok: true } as const;
    }),
    clear: calling('clear', ({ fixture: id }: { fixture: string }) => {
      const place = fixtures().find(each => each.id === id);
      if (!place) return { ok: false, code: 'unknown-fixture' } as const;
      if (place.state === 'running') return { ok: false, code: 'running' } as const;
      become(place, { state: 'idle' });
      return { ok: true } as const;
    }),
  };
}

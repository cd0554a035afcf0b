/** A station whose every answer the test decides: for tests of what carries the API, never of what a station does. */
import { EventEmitter } from 'node:events';
import type { DrainOutlook } from '../../src/station/kiosk/drain-control.ts';
import type { KioskStation, KioskWindow } from '../../src/station/kiosk/kiosk-station.ts';
import type { FixtureView, LiveEvent, StationView } from '../../src/station/views.ts';

export const idleFixture: FixtureView = { id: 'f1', number: 1, name: 'Fixture 1', state: 'idle', steps: [] };

export const stationView: StationView = {
  station: {
    name: 'Station 01',
    line: 'Line 1',
    product: 'default',
    rehearsal: true,
    version: '0.0.0',
    language: 'en',
    products: ['default'],
  },
  fixtures: [idleFixture],
  outbox: { queued: 0, sending: 0, enrolled: 0, conflict: 0, quarantined: 0 },
  connection: { state: 'not-configured', since: 0 },
  today: {
    since: 0,
    passed: 0,
    attempts: 0,
    withoutContact: 0,
    lastHour: 0,
    quarters: { from: 0, of: 16, passed: [], yield: [] },
  },
};

const refusedSettings = { ok: false, code: 'role-missing', detail: 'an engineer’s' } as const;
const refusedSignIn = { ok: false, code: 'sign-in-refused' } as const;
const outlook: DrainOutlook = {
  at: 0,
  history: [],
  forecast: { waiting: 0, oldestAgeMs: null, perMinute: 0, emptyInMs: 0, limitedBy: 'nothing' },
  paused: null,
  certificateDebt: 0,
  held: 0,
};
const unknownOrder = { ok: false, code: 'work-order-unknown' } as const;
const unknownEntry = { ok: false, code: 'entry-unknown', detail: 'no entry' } as const;

const refusedBackup = { ok: false, code: 'backup-busy' } as const;
const refusedAudit = { ok: false, code: 'audit-busy' } as const;
const emptyBatch = { state: 'empty', products: ['default'] } as const;
const unknownHarvest = { ok: false, code: 'harvest-unknown' } as const;

/** Its own only window. */
export interface ScriptedStation extends KioskStation, KioskWindow {
  current: StationView;
  emit(event: LiveEvent): void;
  /** How many listen now. */
  listeners(): number;
  readonly calls: { method: string; input: unknown }[];
}

export function scriptedStation(overrides: Partial<KioskStation & KioskWindow> = {}): ScriptedStation {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  const calls: { method: string; input: unknown }[] = [];
  const note = <T>(method: string, input: unknown, answer: T): T => {
    calls.push({ method, input });
    return answer;
  };
  const station: ScriptedStation = {
    current: stationView,
    calls,
    emit: event => void emitter.emit('event', event),
    listeners: () => emitter.listenerCount('event'),
    view: () => station.current,
    subscribe(listener) {
      emitter.on('event', listener);
      return () => emitter.off('event', listener);
    },
    scan: input => note('scan', input, { ok: true, fixture: 'f1' }),
    start: input => note('start', input, { ok: true, started: 1 }),
    stop: input => note('stop', input, { ok: true }),
    clear: input => note('clear', input, { ok: true }),
    openWindow: () => station,
    close: () => {},
    signIn: async input => note('signIn', input, refusedSignIn),
    resume: input => note('resume', input, { ok: false }),
    lock: () => note('lock', undefined, undefined),
    stay: () => note('stay', undefined, undefined),
    addFirstSupervisor: async input => note('addFirstSupervisor', input, refusedSignIn),
    setOwnPin: async input => note('setOwnPin', input, refusedSignIn),
    leaveKiosk: async input => note('leaveKiosk', input, { ok: true }),
    passwords: {
      give: async input => note('passwords.give', input, { ok: true, started: true }),
      forget: input => note('passwords.forget', input, { ok: true }),
    },
    people: {
      list: async () => note('people.list', undefined, { ok: true, people: [] }),
      add: async input => note('people.add', input, refusedSignIn),
      remove: async input => note('people.remove', input, refusedSignIn),
      setPin: async input => note('people.setPin', input, refusedSignIn),
    },
    settings: {
      read: async () => note('settings.read', undefined, refusedSettings),
      check: async input => note('settings.check', input, refusedSettings),
      save: async input => note('settings.save', input, refusedSettings),
      testFixture: async input => note('settings.testFixture', input, refusedSettings),
      testDps: async () => note('settings.testDps', undefined, refusedSettings),
      preview: async input => note('settings.preview', input, refusedSettings),
      setDpsKey: async input => note('settings.setDpsKey', input, refusedSettings),
      forgetDpsKey: async () => note('settings.forgetDpsKey', undefined, refusedSettings),
      trust: async () => note('settings.trust', undefined, refusedSettings),
      addTrusted: async input => note('settings.addTrusted', input, refusedSettings),
      removeTrusted: async input => note('settings.removeTrusted', input, refusedSettings),
    },
    queue: {
      list: input => note('queue.list', input, []),
      compare: input => note('queue.compare', input, unknownEntry),
      retry: input => note('queue.retry', input, { ok: true }),
      resolve: async input => note('queue.resolve', input, unknownEntry),
      debts: input => note('queue.debts', input, []),
    },
    verdicts: {
      compare: async input => note('verdicts.compare', input, unknownHarvest),
      overrule: async input => note('verdicts.overrule', input, unknownHarvest),
    },
    workOrders: {
      list: () => note('workOrders.list', undefined, []),
      find: input => note('workOrders.find', input, unknownOrder),
      open: async input => note('workOrders.open', input, unknownOrder),
      choose: async input => note('workOrders.choose', input, unknownOrder),
      setAside: () => note('workOrders.setAside', undefined, undefined),
      close: async input => note('workOrders.close', input, unknownOrder),
      changeQuantity: async input => note('workOrders.changeQuantity', input, unknownOrder),
    },
    lastAttempts: input => note('lastAttempts', input, []),
    deviceActs: {
      do: async input =>
        note('deviceActs.do', input, { ok: true, deviceId: input.device, changes: true } as const),
    },
    devices: {
      find: input => note('devices.find', input, { devices: [] }),
      show: input => note('devices.show', input, { ok: false, code: 'device-unknown' } as const),
    },
    batch: {
      read: () => note('batch.read', undefined, emptyBatch),
      send: async input => note('batch.send', input, { ok: true, batch: emptyBatch }),
      set: async input => note('batch.set', input, { ok: true, batch: emptyBatch }),
      run: async input => note('batch.run', input, { ok: true, batch: emptyBatch }),
      stop: async () => note('batch.stop', undefined, { ok: true, batch: emptyBatch }),
      rows: async input => note('batch.rows', input, []),
      save: async () => note('batch.save', undefined, { ok: true, batch: emptyBatch }),
      discard: async () => note('batch.discard', undefined, { ok: true, batch: emptyBatch }),
    },
    audit: {
      read: async () => note('audit.read', undefined, refusedAudit),
      run: async input => note('audit.run', input, refusedAudit),
      stop: async () => note('audit.stop', undefined, refusedAudit),
      files: async input => note('audit.files', input, refusedAudit),
    },
    backups: {
      read: async () => note('backups.read', undefined, refusedBackup),
      make: async () => note('backups.make', undefined, refusedBackup),
      verify: async input => note('backups.verify', input, refusedBackup),
      stop: async () => note('backups.stop', undefined, refusedBackup),
      restore: async input => note('backups.restore', input, refusedBackup),
    },
    drain: {
      outlook: () => note('drain.outlook', undefined, outlook),
      pause: async input => note('drain.pause', input, { ok: true }),
      resume: async input => note('drain.resume', input, { ok: true }),
      tryNow: () => note('drain.tryNow', undefined, undefined),
    },
    ...overrides,
  };
  return station;
}

/** An `onFault` for tests in which nothing may go wrong. */
export function unexpected(fault: unknown): never {
  throw fault;
}

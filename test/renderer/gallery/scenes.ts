/** Pictures of stations, in every state that a tile, the foot and the bands can be in. Plain data, for page and tests. */
import type {
  ConnectionView,
  FixtureView,
  OutboxView,
  StationView,
  StepView,
  VerdictCode,
  VerdictView,
} from '../../../src/api/contract.ts';
import { overrulingOf } from '../../../src/station/overruling/overruling.ts';

const minute = 60_000;
const registrationId = 'k2v7n4qzr3u5mxw6ytb2ajhe4cdslf7gpo3i6q5rztuxnvkwma2a';

const steps = (done: number, running = true): readonly StepView[] =>
  (
    [
      ['connect', 'swtpm', 4],
      ['tpm', 'Infineon SLB 9670', 31],
      ['key', 'RSA 2048', 212],
      ['certificate', 'Infineon OPTIGA ECC Manufacturing CA 016', 86],
      ['proof', 'proved', 7],
      ['record', '', 3],
    ] as const
  ).map(([step, found, ms], index) => {
    if (index < done) return { step, state: 'done', ...(found && { found }), ms };
    return { step, state: index === done && running ? 'running' : 'waiting' };
  });

const fixture = (number: number, rest: Partial<FixtureView> & Pick<FixtureView, 'state'>): FixtureView => ({
  id: `f${number}`,
  number,
  name: `Fixture ${String.fromCharCode(64 + ((number - 1) % 26) + 1)}`,
  steps: [],
  ...rest,
});

const serialOf = (number: number) => `GX2-0043${String(number).padStart(2, '0')}`;

export const idle = (number: number) => fixture(number, { state: 'idle' });

export const armed = (number: number, serial = serialOf(number)) =>
  fixture(number, { state: 'armed', serial });

export const running = (number: number, done = 3) =>
  fixture(number, {
    state: 'running',
    serial: serialOf(number),
    steps: steps(done),
    startedAt: Date.now() - 800,
  });

export const decided = (
  number: number,
  verdict: VerdictView['verdict'],
  code: VerdictCode,
  rest: Partial<VerdictView> = {},
  serial = serialOf(number),
) =>
  fixture(number, {
    state: 'decided',
    serial,
    steps: steps(verdict === 'failed' ? 2 : 5, false),
    durationMs: 1240,
    verdict: {
      harvestId: `01JDEXAMPLE${number}${code}`,
      verdict,
      code,
      warnings: [],
      registrationId,
      ekSha256: '9c1f'.repeat(16),
      tpm: 'Infineon SLB 9670 · 7.85.4555.0',
      committedAt: Date.now() - 2000,
      ...overrulable(code),
      ...rest,
    },
  });

/** As the station says it of a verdict. */
function overrulable(code: VerdictCode): Partial<VerdictView> {
  const overruling = overrulingOf(code);
  return overruling ? { overruling } : {};
}

const everyState: readonly ((number: number) => FixtureView)[] = [
  number => decided(number, 'passed', 'passed'),
  number =>
    decided(number, 'failed', 'tpm-locked-out', {
      responseCode: '0x921',
      responseCodeName: 'TPM_RC_LOCKOUT',
    }),
  number => running(number),
  number => decided(number, 'refused', 'clone', { otherSerial: 'GX2-004107' }),
  number => decided(number, 'passed', 'passed', { warnings: ['certificate-unchecked', 'ek-not-persisted'] }),
  armed,
  number => decided(number, 'retest', 'retest'),
  idle,
  number => running(number, 1),
  number => decided(number, 'failed', 'bridge-unreachable'),
  number => decided(number, 'refused', 'serial-has-other-key'),
];

export const offline: ConnectionView = {
  state: 'offline',
  host: 'keyline-plant-3.azure-devices-provisioning.net',
  since: Date.now() - 41 * minute,
  lastContact: Date.now() - 41 * minute,
  code: 'offline',
};

export const waiting: OutboxView = {
  queued: 37,
  sending: 0,
  enrolled: 1167,
  conflict: 0,
  quarantined: 0,
  oldestAt: Date.now() - 41 * minute,
};

const quarters = [9, 11, 12, 10, 8, 0, 10, 12, 11, 11, 12, 9, 10, 11, 7];

/** A shift from six to two, in the middle. */
export const today: StationView['today'] = {
  since: new Date(2026, 10, 20, 6).getTime(),
  until: new Date(2026, 10, 20, 14).getTime(),
  passed: 1204,
  attempts: 1219,
  withoutContact: 3,
  firstPassYield: 0.989,
  lastHour: 42,
  lastHourYield: 0.973,
  quarters: {
    from: new Date(2026, 10, 20, 6).getTime(),
    of: 32,
    passed: quarters,
    yield: quarters.map((passed, index) => (passed === 0 ? null : 1 - (index % 5) / 60)),
  },
};

export function stationWith(fixtures: readonly FixtureView[], rest: Partial<StationView> = {}): StationView {
  return {
    station: {
      name: 'Station 07',
      line: 'Line 3',
      product: 'Gateway GX-2',
      rehearsal: true,
      version: '0.1.0',
      language: 'en',
      targetPerHour: 45,
      products: ['Gateway GX-2', 'Sensor S1'],
    },
    fixtures,
    outbox: waiting,
    connection: offline,
    today,
    ...rest,
  };
}

/** Fixtures that start by themselves, in each thing that they can have seen. */
export function handsFreeOf(count: number): StationView {
  const seen = ['empty', 'arrived', 'occupied'] as const;
  const fixtures = Array.from({ length: count }, (_, index): FixtureView => {
    const make = index % 2 === 0 ? idle : armed;
    return { ...make(index + 1), handsFree: seen[Math.floor(index / 2) % 3]! };
  });
  return stationWith(fixtures);
}

/** `count` fixtures that go through every state. */
export function everyStateOf(count: number, rest: Partial<StationView> = {}): StationView {
  const fixtures = Array.from({ length: count }, (_, index) =>
    everyState[index % everyState.length]!(index + 1),
  );
  return stationWith(fixtures, rest);
}

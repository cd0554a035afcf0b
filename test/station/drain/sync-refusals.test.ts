/**
 * Every way in which a sync is refused, over the real drain: real ledger, Microsoft's SDK, the emulator or a TLS server
 * that is wrong in one point. Each has a code, a hint and a card of its own, nothing is marked enrolled, nothing is
 * lost, and once it is mended everything arrives.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { type DpsErrorCode, dpsHints } from '../../../src/dps/errors.ts';
import { readerPolicy } from '../../../src/emulator/access-policies.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { type StationClock, systemClock } from '../../../src/station/clock/station-clock.ts';
import { drainOutboxOnce } from '../../../src/station/drain/drain-outbox.ts';
import type { StationCore } from '../../../src/station/open-core.ts';
import { readStatus } from '../../../src/station/status.ts';
import { documentOf, keyline } from '../../cli/run-keyline.ts';
import { json, serve } from '../../dps/answering.ts';
import { ConnectProxy, type ProxyBehaviour } from '../../dps/connect-proxy.ts';
import { EmulatedDps } from '../../outbox/emulated-dps.ts';
import { coreForTest, readAttempt, type TestCore } from '../station-fixture.ts';

const hourMs = 3_600_000;
const yearMs = 365 * 24 * hourMs;
const devices = 12;

interface Setting {
  readonly connectionString: string;
  readonly caFile?: string;
  readonly clock?: StationClock;
  readonly proxy?: string;
  /** What happens before; the devices that it enrolled. */
  readonly before?: (core: StationCore) => Promise<number>;
}

interface Row {
  readonly what: string;
  readonly code: DpsErrorCode;
  readonly arrange: (context: TestContext, dps: EmulatedDps) => Promise<Setting> | Setting;
}

const aheadBy = (ms: number): StationClock => {
  const clock = systemClock();
  return { read: () => ({ ...clock.read(), at: clock.read().at + ms }) };
};

const policyAt = (host: string) => `HostName=${host};SharedAccessKeyName=k;SharedAccessKey=${'A'.repeat(44)}`;

/** A DPS of another CA, or of another time, that would answer anything. */
async function tlsServer(
  context: TestContext,
  fromMs: number,
  toMs: number,
  trusted: boolean,
): Promise<Setting> {
  const identity = { notBefore: Date.now() + fromMs, notAfter: Date.now() + toMs };
  const server = await serve(context, json({ isSuccessful: true, errors: [] }), identity);
  const other = trusted ? server : await serve(context, json([]));
  return { connectionString: policyAt(`localhost:${server.port}`), caFile: fileOf(context, other.ca) };
}

function fileOf(context: TestContext, pem: string): string {
  const folder = coreForTest();
  const file = path.join(folder.folder, 'ca.pem');
  writeFileSync(file, pem);
  context.after(() => folder[Symbol.dispose]());
  return file;
}

async function behindProxy(context: TestContext, behaviour: ProxyBehaviour | 'down'): Promise<Setting> {
  const proxy = await ConnectProxy.start(behaviour === 'down' ? {} : behaviour);
  const { port } = proxy;
  if (behaviour === 'down') await proxy.close();
  else context.after(() => proxy.close());
  return throughProxy(`http://127.0.0.1:${port}`);
}

const throughProxy = (proxy: string): Setting => ({ connectionString: policyAt('dps.plant.test'), proxy });

const rows: readonly Row[] = [
  {
    what: 'a wrong key',
    code: 'unauthorized',
    arrange: (_, { emulator }) => ({
      connectionString: emulator.connectionString.replace(
        /SharedAccessKey=.*/,
        `SharedAccessKey=${'A'.repeat(44)}`,
      ),
      caFile: emulator.caFile,
    }),
  },
  {
    what: 'a policy that was revoked',
    code: 'access-revoked',
    arrange: async (_, dps) => {
      const made = JSON.parse(
        await dps.control('PUT', 'policies/line-7', { rights: ['EnrollmentRead', 'EnrollmentWrite'] }),
      ) as { primaryConnectionString: string };
      return {
        connectionString: made.primaryConnectionString,
        caFile: dps.emulator.caFile,
        before: async core => {
          queue(core, 'before');
          await drainOutboxOnce(core, {});
          await dps.control('DELETE', 'policies/line-7');
          return devices;
        },
      };
    },
  },
  {
    what: 'a policy without EnrollmentWrite',
    code: 'forbidden',
    arrange: (_, { emulator }) => ({
      connectionString: emulator.connectionStringOf(readerPolicy),
      caFile: emulator.caFile,
    }),
  },
  {
    what: 'a host whose name nobody knows',
    code: 'host-unknown',
    arrange: () => ({ connectionString: policyAt('dps.plant.test') }),
  },
  {
    what: 'a host where nobody listens',
    code: 'offline',
    arrange: () => ({ connectionString: policyAt('localhost:1') }),
  },
  {
    what: 'a web server that is no DPS',
    code: 'answer-malformed',
    arrange: async context => {
      const server = await serve(context, (_, response) => response.writeHead(404).end('<h1>nginx</h1>'));
      return { connectionString: policyAt(`localhost:${server.port}`), caFile: fileOf(context, server.ca) };
    },
  },
  {
    what: 'a TLS certificate from another CA',
    code: 'tls',
    arrange: context => tlsServer(context, -hourMs, hourMs, false),
  },
  {
    what: 'a station clock two years late, as TLS sees it',
    code: 'clock-wrong',
    arrange: context => tlsServer(context, 2 * yearMs, 3 * yearMs, true),
  },
  {
    what: 'a station clock two years ahead, as TLS sees it',
    code: 'clock-wrong',
    arrange: context => tlsServer(context, -3 * yearMs, -2 * yearMs, true),
  },
  {
    what: 'a station clock two years late, as DPS sees it',
    code: 'clock-wrong',
    arrange: (_, { emulator }) => ({
      connectionString: emulator.connectionString,
      caFile: emulator.caFile,
      clock: aheadBy(-2 * yearMs),
    }),
  },
  {
    what: 'a proxy that is down',
    code: 'proxy-unreachable',
    arrange: context => behindProxy(context, 'down'),
  },
  {
    what: 'a proxy that nobody knows',
    code: 'proxy-unknown',
    arrange: () => throughProxy('http://proxy.plant.test:3128'),
  },
  {
    what: 'a proxy that asks for a password',
    code: 'proxy-authentication',
    arrange: context => behindProxy(context, { demands: 'station:secret' }),
  },
  {
    what: 'a proxy that bars the way',
    code: 'proxy-refused',
    arrange: context => behindProxy(context, { refusesWith: 403 }),
  },
  {
    what: 'a proxy setting that cannot be read',
    code: 'proxy-invalid',
    arrange: () => throughProxy('proxy.plant.test:3128'),
  },
];

let key = 0;

/** The registration ids of what was queued. */
function queue(core: StationCore, name: string): ReadonlySet<string> {
  const ids = Array.from({ length: devices }, (_, n) => {
    const recorded = recordAttempt(core, readAttempt(`refusal-${key++}`, `SN-${name}-${n}`));
    return core.ledger.devices.get(recorded.deviceId!)!.registration_id;
  });
  return new Set(ids);
}

const environmentOf = ({ connectionString, caFile, proxy }: Setting): Record<string, string> => ({
  KEYLINE_DPS_CONNECTION_STRING: connectionString,
  ...(caFile === undefined ? {} : { KEYLINE_DPS_CA_FILE: caFile }),
  ...(proxy === undefined ? {} : { HTTPS_PROXY: proxy }),
});

function station(setting: Setting, folder?: string): TestCore {
  const { clock } = setting;
  return coreForTest({
    env: environmentOf(setting),
    ...(clock === undefined ? {} : { clock }),
    ...(folder === undefined ? {} : { folder }),
  });
}

interface Stop {
  readonly code: string;
  readonly hint: string;
}

/** `keyline sync --once` as its users have it; in this process only where the test holds the clock. */
async function sync(core: TestCore, setting: Setting): Promise<Stop> {
  if (setting.clock) return (await drainOutboxOnce(core, {})).stopped!;
  const ended = await keyline(['sync', '--once', '--json'], {
    dataDir: core.folder,
    env: { HTTPS_PROXY: '', KEYLINE_REHEARSAL: '1', ...environmentOf(setting) },
  });
  assert.ok(ended.code === 5 || ended.code === 2, `${ended.code} ${ended.stdout}${ended.stderr}`);
  const document = documentOf(ended) as unknown as Stop & { readonly stopped?: Stop };
  return document.stopped ?? document;
}

describe('a sync that is refused', { concurrency: 6 }, () => {
  let dps: EmulatedDps;
  before(async () => {
    dps = await EmulatedDps.start();
  });
  after(() => dps.close());
  const enrolledThere = async (ids: ReadonlySet<string>) =>
    (await dps.state()).enrollments.filter(({ registrationId }) => ids.has(registrationId)).length;

  for (const { what, code, arrange } of rows) {
    it(`O4 O7 stops with ${code} at ${what}: nothing enrolled, nothing lost`, async context => {
      const setting = await arrange(context, dps);
      using core = station(setting);
      const enrolled = (await setting.before?.(core)) ?? 0;
      const ids = queue(core, 'waiting');
      const { code: stopped, hint } = await sync(core, setting);
      assert.deepEqual([stopped, hint], [code, dpsHints[code]]);
      const counts = core.ledger.counts.outbox();
      assert.equal(counts.enrolled, enrolled, 'nothing more is marked enrolled');
      assert.equal(counts.queued + counts.sending, devices, 'everything waits');
      assert.equal(counts.conflict + counts.quarantined, 0, 'nothing is set aside');
      assert.equal(await enrolledThere(ids), 0, 'and nothing is in DPS');
    });
  }

  it('O8 sets entries of another DPS aside, sends none of them, and says how many', async () => {
    const other = await EmulatedDps.start();
    try {
      const { emulator } = dps;
      const first = { connectionString: other.emulator.connectionString, caFile: other.emulator.caFile };
      const second = { connectionString: emulator.connectionString, caFile: emulator.caFile };
      using made = station(first);
      const ids = queue(made, 'other');
      using core = station(second, made.folder);
      const report = await drainOutboxOnce(core, {});
      assert.deepEqual([report.enrolled, report.quarantined, report.stopped], [0, devices, undefined]);
      const again = await drainOutboxOnce(core, {});
      assert.deepEqual([again.quarantined, again.forPerson], [0, devices], 'and does not forget it');
      assert.equal(core.ledger.counts.outbox().quarantined, devices);
      assert.equal(await enrolledThere(ids), 0);
    } finally {
      await other.close();
    }
  });

  it('refuses the host of an IoT hub before anything is sent', async () => {
    using core = station({ connectionString: policyAt('plant.azure-devices.net') });
    await assert.rejects(drainOutboxOnce(core, {}), { code: 'host-is-iot-hub' });
  });

  for (const hours of [2, -2]) {
    it(`O7 simply works with a clock ${hours} h off, and says so`, async () => {
      const { connectionString, caFile } = dps.emulator;
      using core = station({ connectionString, caFile, clock: aheadBy(hours * hourMs) });
      queue(core, `clock${hours}`);
      const report = await drainOutboxOnce(core, {});
      assert.deepEqual([report.enrolled, report.remaining, report.stopped], [devices, 0, undefined]);
      const { clock, clockAheadMs } = await readStatus(core);
      assert.equal(clock, 'unsynced');
      assert.ok(Math.abs(clockAheadMs! - hours * hourMs) < 5_000, String(clockAheadMs));
    });
  }

  it('gives each of them a hint of its own', () => {
    const hints = [...new Set(rows.map(row => row.code)), 'host-is-iot-hub' as const].map(
      code => dpsHints[code],
    );
    assert.equal(new Set(hints).size, hints.length);
  });
});

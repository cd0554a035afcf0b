import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { forgetDpsKey, setDpsKey, showDpsKey } from '../../../src/station/dps/dps-key.ts';
import { drainOutboxOnce } from '../../../src/station/drain/drain-outbox.ts';
import { standByDrain } from '../../../src/station/drain/stand-by-drain.ts';
import { readStatus } from '../../../src/station/status.ts';
import type { ConnectionView } from '../../../src/station/views.ts';
import { coreForTest, readAttempt } from '../station-fixture.ts';

const host = 'plant.azure-devices-provisioning.net';
const application = { tenantId: 'tenant.example', clientId: 'b9e3b2a4-0000-4000-8000-000000000001' };
const offline = { account: 'os:test', offline: true, otherInstance: false };
const fromEnvironment = `HostName=${host};SharedAccessKeyName=line;SharedAccessKey=${Buffer.alloc(32).toString('base64')}`;

const stationWith = (entra: object, dps: object = { host }, env: Record<string, string> = {}) =>
  coreForTest({ configuration: { dps: { ...dps, entra } }, env });

describe('how a station signs in to DPS', () => {
  it('S2 takes the secret of an Entra application from the store, and has none before', async () => {
    for (const [signIn, member] of [
      ['client-secret', 'clientSecret'],
      ['client-certificate', 'certificate'],
    ] as const) {
      using core = stationWith({ signIn, ...application });
      assert.equal(core.dps.access(), null);
      assert.equal(core.dpsTarget?.host, host);
      const view = await setDpsKey(core, { ...offline, secret: 'a secret\n' });
      assert.partialDeepStrictEqual(view, {
        host,
        kind: 'entra',
        identity: application.clientId,
        source: 'store',
      });
      assert.ok(!JSON.stringify(view).includes('a secret'));
      assert.deepEqual(core.dps.access()!.connection, {
        host,
        port: 443,
        entra: { kind: signIn, ...application, [member]: 'a secret' },
      });
      assert.equal(forgetDpsKey(core, 'os:test'), true);
      assert.equal(core.dps.access(), null);
    }
  });

  it('S2 takes no connection string for the secret of an application, also unasked of DPS', async () => {
    for (const signIn of ['client-secret', 'client-certificate']) {
      using core = stationWith({ signIn, ...application });
      const given = setDpsKey(core, { ...offline, secret: fromEnvironment });
      await assert.rejects(given, { code: 'entra-settings-invalid', message: /^(?!.*SharedAccessKey)/ });
      assert.equal(core.secrets.read('dps-entra-secret'), undefined);
    }
  });

  it('S2 needs no secret where the machine or a token file is the identity', async () => {
    using machine = stationWith({ signIn: 'managed-identity' });
    assert.deepEqual(machine.dps.access()!.connection, {
      host,
      port: 443,
      entra: { kind: 'managed-identity' },
    });
    assert.equal(showDpsKey(machine).source, 'none');
    await assert.rejects(setDpsKey(machine, { ...offline, secret: 'x' }), { code: 'dps-key-not-needed' });
    using workload = stationWith({ signIn: 'workload-identity', ...application, tokenFile: '/run/token' });
    assert.deepEqual(workload.dps.access()!.connection, {
      host,
      port: 443,
      entra: { kind: 'workload-identity', ...application, tokenFile: '/run/token' },
    });
  });

  it('goes by the connection string of the environment before everything else', () => {
    using core = stationWith(
      { signIn: 'managed-identity' },
      { host },
      { KEYLINE_DPS_CONNECTION_STRING: fromEnvironment },
    );
    assert.partialDeepStrictEqual(showDpsKey(core), {
      kind: 'connection-string',
      identity: 'line',
      source: 'environment',
    });
  });

  it('O1 opens with settings that cannot be used, makes entries for the DPS that is configured, and says what is wrong', async () => {
    const broken = { KEYLINE_DPS_CONNECTION_STRING: 'HostName=h;SharedAccessKeyName=k' };
    const hub = { KEYLINE_DPS_CONNECTION_STRING: fromEnvironment.replace('-provisioning', '') };
    const cases = [
      [{ entra: { signIn: 'managed-identity' } }, {}, 'entra-settings-invalid', null],
      [
        { host: 'plant.azure-devices.net', entra: { signIn: 'managed-identity' } },
        {},
        'host-is-iot-hub',
        null,
      ],
      [{}, broken, 'connection-string-invalid', null],
      [{ host: host.toUpperCase() }, broken, 'connection-string-invalid', host],
      [{ host }, hub, 'host-is-iot-hub', host],
    ] as const;
    for (const [dps, env, code, target] of cases) {
      using core = coreForTest({ configuration: { dps }, env });
      const { enrollment } = recordAttempt(core, readAttempt(1, 'SN-1'));
      assert.deepEqual([core.dps.fault?.error.code, enrollment!.dpsHost], [code, target]);
      assert.throws(() => core.dps.access(), { code });
      assert.throws(() => showDpsKey(core), { code });
      await assert.rejects(drainOutboxOnce(core, {}), { code });
      const status = await readStatus(core);
      assert.deepEqual([status.dps.online, status.dps.code, status.dps.host], [false, code, target]);
      assert.match(core.notices.join(), new RegExp(code));
    }
  });

  it('tells of it as the state of the connection while it runs', async () => {
    using core = coreForTest({ env: { KEYLINE_DPS_CONNECTION_STRING: 'HostName=h' } });
    const told = Promise.withResolvers<ConnectionView>();
    const drain = standByDrain(core, { onConnection: told.resolve });
    try {
      assert.partialDeepStrictEqual(await told.promise, {
        state: 'refused',
        code: 'connection-string-invalid',
      });
    } finally {
      await drain.stop();
    }
  });

  it('mends a damaged key in the store by a new one, and keeps none that the environment hides', async () => {
    using core = coreForTest();
    core.secrets.replace('dps-connection-string', 'HostName=h');
    assert.equal(core.dps.refresh(), true);
    assert.equal(core.dps.fault?.source, 'settings');
    await setDpsKey(core, { ...offline, secret: fromEnvironment });
    assert.equal(core.dps.fault, null);
    using hidden = coreForTest({ env: { KEYLINE_DPS_CONNECTION_STRING: 'HostName=h' } });
    await assert.rejects(setDpsKey(hidden, { ...offline, secret: fromEnvironment }), {
      code: 'connection-string-invalid',
      message: /^KEYLINE_DPS_CONNECTION_STRING: /,
    });
    assert.equal(hidden.secrets.read('dps-connection-string'), undefined);
    assert.equal(forgetDpsKey(hidden, 'os:test'), false);
  });

  it('O8 keeps the key of another DPS out unless it is meant', async () => {
    using core = coreForTest({ configuration: { dps: { host: 'other.azure-devices-provisioning.net' } } });
    await assert.rejects(setDpsKey(core, { ...offline, secret: fromEnvironment }), {
      code: 'dps-key-of-another',
    });
    await setDpsKey(core, { ...offline, secret: fromEnvironment, otherInstance: true });
    assert.equal(core.dps.target?.host, host);
  });
});

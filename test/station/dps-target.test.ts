import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forgetDpsKey, setDpsKey, showDpsKey } from '../../src/station/dps-key.ts';
import { coreForTest } from './station-fixture.ts';

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

  it('stops where Entra is configured without the host of the DPS', () => {
    assert.throws(() => stationWith({ signIn: 'managed-identity' }, {}), { code: 'entra-settings-invalid' });
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

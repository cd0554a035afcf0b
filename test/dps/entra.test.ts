/** Signing in with Microsoft Entra ID: the real @azure/identity against an authority on loopback, and DPS behind it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import type { EntraSettings } from '../../src/dps/connection-settings.ts';
import type { ServiceClientOptions } from '../../src/dps/service-client.ts';
import { makeEntry } from '../outbox/entries.ts';
import { failsWith, sendJson, serve } from './answering.ts';
import { ConnectProxy } from './connect-proxy.ts';
import { clientId, clientSecret, FakeAuthority, type Misbehaviour, tenantId } from './fake-authority.ts';
import { makeIdentity } from './server-identity.ts';

const application = { tenantId, clientId };
const { document } = makeEntry();

async function entraStation(context: TestContext) {
  const authority = new FakeAuthority();
  const authorityServer = await serve(context, authority.listener, {
    names: ['localhost', 'login.plant.test'],
  });
  const taken = new Set<string>();
  let dpsTakes: (token: string) => number = () => 200;
  const dps = await serve(context, (request, response) => {
    const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    taken.add(token);
    const status = authority.issued.includes(token) ? dpsTakes(token) : 401;
    request.resume();
    if (status !== 200) sendJson(response, { errorCode: status * 1000 + 2, message: 'Unauthorized' }, status);
    else sendJson(response, request.url?.includes('query') ? [] : { isSuccessful: true, errors: [] });
  });
  const authorityHost = `https://localhost:${authorityServer.port}`;
  const client = (
    entra: EntraSettings,
    { trusting = '', ...wishes }: Partial<ServiceClientOptions> & { trusting?: string } = {},
  ) =>
    dps.client({
      connection: { host: 'localhost', port: dps.port, entra },
      // Each server has a CA of its own; a plant's file may hold several.
      ca: `${dps.ca}\n${authorityServer.ca}\n${trusting}`,
      ...wishes,
    });
  const bySecret: EntraSettings = { kind: 'client-secret', ...application, clientSecret, authorityHost };
  return {
    authority,
    authorityServer,
    authorityHost,
    taken,
    client,
    bySecret,
    letDps: (takes: typeof dpsTakes) => (dpsTakes = takes),
  };
}

describe('signing in with Microsoft Entra ID', () => {
  it('gets one token for many requests, for DPS’s scope, and does so once for those that begin together', async context => {
    const { authority, client, bySecret, taken } = await entraStation(context);
    const station = client(bySecret);
    await Promise.all([station.createMany([document]), station.probe(), station.probe()]);
    await station.probe();
    assert.deepEqual([...taken], ['token-1']);
    assert.equal(authority.asked.length, 1);
    assert.equal(
      authority.asked[0]!.get('scope')?.split(' ')[0],
      'https://azure-devices-provisioning.net/.default',
    );
  });

  it('gets another before the first one ends', async context => {
    const { authority, client, bySecret, taken } = await entraStation(context);
    authority.expiresIn = 2;
    const station = client(bySecret);
    await station.probe();
    const begun = performance.now();
    while (taken.size < 2 && performance.now() - begun < 4_000) {
      await station.probe();
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    assert.ok(performance.now() - begun < 2_000, 'before its end');
    assert.deepEqual([...taken], ['token-1', 'token-2']);
  });

  it('signs in with a certificate and its key', async context => {
    const { authority, authorityHost, client } = await entraStation(context);
    const certificateOf = async (keys: 'rsa' | 'ecdsa') => {
      const { cert, key } = await makeIdentity({ keys });
      return `${cert}\n${key}`;
    };
    const settings = { kind: 'client-certificate', ...application, authorityHost } as const;
    await client({ ...settings, certificate: await certificateOf('rsa') }).probe();
    // Entra takes RSA only: the library cannot sign with another key.
    const other = client({ ...settings, certificate: await certificateOf('ecdsa') });
    await failsWith(other.probe(), 'entra-settings-invalid', true);
    assert.match(authority.asked[0]!.get('client_assertion') ?? '', /^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('signs in with a federated token, as a workload has it', async context => {
    const { authority, authorityHost, client } = await entraStation(context);
    const tokenFile = path.join(tmpdir(), `keyline-federated-${randomUUID()}`);
    writeFileSync(tokenFile, 'federated.token.text');
    context.after(() => rmSync(tokenFile));
    await client({ kind: 'workload-identity', ...application, tokenFile, authorityHost }).probe();
    assert.equal(authority.asked[0]!.get('client_assertion'), 'federated.token.text');
  });

  it('takes the machine’s own identity', async context => {
    const { authority, client, taken } = await entraStation(context);
    const machine = createServer((request, response) => {
      assert.equal(request.headers['x-identity-header'], 'proof');
      authority.issued.push('of-the-machine');
      const expires_on = Math.floor(Date.now() / 1000) + 3_600;
      sendJson(response, { access_token: 'of-the-machine', expires_on, resource: 'x', token_type: 'Bearer' });
    }).listen(0, '127.0.0.1');
    await new Promise(resolve => machine.once('listening', resolve));
    context.after(() => machine.close());
    process.env.IDENTITY_ENDPOINT = `http://127.0.0.1:${(machine.address() as AddressInfo).port}/token`;
    process.env.IDENTITY_HEADER = 'proof';
    context.after(() => {
      delete process.env.IDENTITY_ENDPOINT;
      delete process.env.IDENTITY_HEADER;
    });
    await client({ kind: 'managed-identity' }).probe();
    assert.deepEqual([...taken], ['of-the-machine']);
  });

  it('goes through the plant’s proxy, too', async context => {
    const { authority, authorityServer, client, bySecret } = await entraStation(context);
    const proxy = await ConnectProxy.start({ leadsTo: authorityServer.port });
    context.after(() => proxy.close());
    const environment = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
    const authorityHost = 'https://login.plant.test';
    await client({ ...bySecret, authorityHost } as EntraSettings, { environment }).probe();
    assert.equal(authority.asked.length, 1);
    assert.ok(proxy.asked.every(place => place === 'login.plant.test:443'));
    const barring = await ConnectProxy.start({ refusesWith: 407 });
    context.after(() => barring.close());
    const barred = client({ ...bySecret, authorityHost } as EntraSettings, {
      environment: { HTTPS_PROXY: `http://127.0.0.1:${barring.port}` },
    });
    const error = await failsWith(barred.probe(), 'proxy-authentication', true);
    assert.match(error.message, /login\.plant\.test/);
  });

  const refusals: readonly (readonly [Misbehaviour, string, RegExp])[] = [
    ['wrong-secret', 'entra-login-failed', /AADSTS7000215/],
    ['wrong-tenant', 'entra-login-failed', /AADSTS90002/],
    ['out-of-time', 'clock-wrong', /AADSTS700024/],
    ['down', 'entra-unreachable', /503/],
    ['login-page', 'entra-unreachable', /gave no token/],
  ];
  for (const [misbehaviour, code, message] of refusals) {
    it(`S2 calls ${misbehaviour} ${code}, sends nothing to DPS and says no secret`, async context => {
      const { authority, client, bySecret, taken } = await entraStation(context);
      authority.misbehaviour = misbehaviour;
      const error = await failsWith(client(bySecret).createMany([document]), code as never, true);
      assert.match(error.message, message);
      assert.ok(!inspect(error, { depth: 10, showHidden: true }).includes(clientSecret));
      assert.equal(taken.size, 0);
    });
  }

  it('tells an authority that is gone, unknown or not trusted', async context => {
    const { client, bySecret, authorityServer } = await entraStation(context);
    const at = (authorityHost: string) => ({ ...bySecret, authorityHost }) as EntraSettings;
    await failsWith(client(at('https://login.plant.test')).probe(), 'entra-unreachable', true);
    const { ca } = await makeIdentity();
    await failsWith(client(bySecret, { ca }).probe(), 'tls', true);
    await authorityServer.close();
    await failsWith(client(bySecret).probe(), 'entra-unreachable', true);
  });

  it('tells settings that cannot be used from a sign-in that is refused', async context => {
    const { client, bySecret, authorityHost } = await entraStation(context);
    await failsWith(
      client({ ...bySecret, tenantId: 'a b' } as EntraSettings).probe(),
      'entra-settings-invalid',
      true,
    );
    const broken = {
      kind: 'client-certificate',
      ...application,
      certificate: 'none',
      authorityHost,
    } as const;
    await failsWith(client(broken).probe(), 'entra-settings-invalid', true);
    const tokenFile = path.join(tmpdir(), `keyline-not-there-${randomUUID()}`);
    const lost = { kind: 'workload-identity', ...application, tokenFile, authorityHost } as const;
    await failsWith(client(lost).probe(), 'entra-settings-invalid', true);
  });

  it('signs in once more where DPS refuses the token, and then says that the role is missing', async context => {
    const { authority, client, bySecret, letDps } = await entraStation(context);
    letDps(token => (token === 'token-1' ? 401 : 200));
    const station = client(bySecret);
    await station.createMany([document]);
    assert.equal(authority.issued.length, 2);
    letDps(() => 401);
    await failsWith(station.createMany([document]), 'entra-role-missing', false);
    letDps(() => 403);
    await failsWith(station.probe(), 'entra-role-missing', false);
  });

  it('does not wait for a silent authority longer than a call may take, and asks it again afterwards', async context => {
    const { authority, client, bySecret } = await entraStation(context);
    let silent = true;
    const login = await serve(context, (request, response) => {
      if (!silent) authority.listener(request, response);
    });
    const settings = { ...bySecret, authorityHost: `https://localhost:${login.port}` } as EntraSettings;
    const station = client(settings, { deadlineMs: 1_000, trusting: login.ca });
    await failsWith(station.probe(), 'entra-unreachable', true);
    silent = false;
    let last: unknown = 'not asked';
    for (let attempt = 0; attempt < 5 && last !== undefined; attempt++)
      last = await station.probe().catch((error: unknown) => error);
    assert.equal(last, undefined);
  });
});

/** DPS behind a plant's proxy: real TLS through a real CONNECT proxy, by the agent that the product uses. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import { DpsError, type DpsErrorCode } from '../../src/dps/errors.ts';
import { proxyFor } from '../../src/dps/proxy.ts';
import type { ServiceClient } from '../../src/dps/service-client.ts';
import { ConnectProxy, type ProxyBehaviour } from './connect-proxy.ts';
import { HostileServer } from './hostile-server.ts';

/** A name that no name server knows: only the proxy can lead there. */
const host = 'dps.plant.test';
const password = 'hunter2secret';

async function serveBehind(context: TestContext, behaviour: ProxyBehaviour = {}) {
  const server = await HostileServer.start(
    (request, response) => {
      if (request.url?.includes('cut')) request.socket.destroy();
      else response.writeHead(200, { 'Content-Type': 'application/json' }).end('[]');
    },
    { names: [host] },
  );
  const proxy = await ConnectProxy.start({ leadsTo: server.port, ...behaviour });
  context.after(async () => {
    await server.close();
    await proxy.close();
  });
  const client = (environment: Readonly<Record<string, string>>, ca = server.ca): ServiceClient =>
    server.client({
      ca,
      connection: { host, port: 443, sharedAccessKeyName: 'k', sharedAccessKey: 'c2U=' },
      environment,
      deadlineMs: 2_000,
    });
  return { server, proxy, client };
}

async function fails(call: Promise<unknown>, code: DpsErrorCode, message: RegExp): Promise<void> {
  const error = await call.then(
    () => assert.fail('the call should have failed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DpsError, String(error));
  assert.deepEqual([error.code, error.notSent], [code, true]);
  assert.match(error.message, message);
  assert.ok(
    !inspect(error, { depth: 10, showHidden: true }).includes(password),
    'S2 the password is nowhere',
  );
  const encoded = Buffer.from(`station:${password}`).toString('base64');
  assert.ok(!inspect(error, { depth: 10, showHidden: true }).includes(encoded), 'S2 nor encoded');
}

describe('DPS behind a proxy', () => {
  it('goes through the tunnel, with the password, over one connection', async context => {
    const { proxy, client, server } = await serveBehind(context, { demands: `station:${password}` });
    const through = client({ HTTPS_PROXY: `http://station:${password}@127.0.0.1:${proxy.port}` });
    for (let n = 0; n < 3; n++) await through.probe();
    assert.deepEqual(proxy.asked, [`${host}:443`]);
    assert.deepEqual(server.handshakes, { full: 1, resumed: 0 });
  });

  it('knows behind a proxy, too, whether a request was sent', async context => {
    const { proxy, client } = await serveBehind(context);
    const environment = { https_proxy: `http://127.0.0.1:${proxy.port}` };
    const broken = await client(environment)
      .get('cut')
      .catch((error: DpsError) => error);
    assert.deepEqual([(broken as DpsError).code, (broken as DpsError).notSent], ['offline', false]);
    const stranger = await HostileServer.start(() => undefined);
    context.after(() => stranger.close());
    await fails(client(environment, stranger.ca).probe(), 'tls', /UNABLE_TO_/);
  });

  it('leaves it out where NO_PROXY or this machine is meant', async context => {
    const { client, proxy } = await serveBehind(context);
    const HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
    await fails(client({ HTTPS_PROXY, NO_PROXY: '.plant.test' }).probe(), 'host-unknown', /ENOTFOUND/);
    assert.deepEqual(proxy.asked, []);
    for (const own of ['localhost', '127.0.0.1', 'dps.localhost'])
      assert.equal(proxyFor(own, { HTTPS_PROXY }), undefined);
  });

  const at = (place: string) => ({ HTTPS_PROXY: `http://station:${password}@${place}` });
  const refusals: readonly (readonly [string, ProxyBehaviour, DpsErrorCode, RegExp])[] = [
    ['a password that is wrong', { demands: 'station:other' }, 'proxy-authentication', /\(407\)/],
    ['a ban', { refusesWith: 403 }, 'proxy-refused', /answers 403/],
    ['a way that the proxy does not find', { refusesWith: 502 }, 'offline', /\(502\)/],
  ];
  for (const [what, behaviour, code, message] of refusals) {
    it(`S2 names ${what} ${code}, without the password`, async context => {
      const { proxy, client } = await serveBehind(context, behaviour);
      await fails(client(at(`127.0.0.1:${proxy.port}`)).probe(), code, message);
    });
  }

  it('names a proxy that is down, unknown or not one', async context => {
    const { client, server, proxy } = await serveBehind(context);
    const gone = proxy.port;
    await proxy.close();
    await fails(
      client(at(`127.0.0.1:${gone}`)).probe(),
      'proxy-unreachable',
      /127\.0\.0\.1:\d+ \(ECONNREFUSED\)/,
    );
    await fails(client(at('proxy.plant.test:8080')).probe(), 'proxy-unknown', /proxy\.plant\.test:8080/);
    // Something that speaks, and not HTTP.
    await fails(client(at(`127.0.0.1:${server.port}`)).probe(), 'proxy-unreachable', /127\.0\.0\.1/);
  });

  it('does not wait for a mute proxy longer than its deadline', async context => {
    const { proxy, client } = await serveBehind(context, { mute: true });
    await fails(client(at(`127.0.0.1:${proxy.port}`)).probe(), 'timeout', /2 s/);
  });

  it('S2 refuses a setting that it cannot read, and quotes nothing of it', async context => {
    const { client } = await serveBehind(context);
    for (const wrong of [
      '127.0.0.1:3128',
      'socks5://127.0.0.1:1',
      'http://:bad',
      'http://',
      'proxy',
      'http://a:b:c',
    ]) {
      const text = wrong.replace('://', `://station:${password}@`);
      await fails((async () => client({ HTTPS_PROXY: text }))(), 'proxy-invalid', /form http:\/\/host:port/);
    }
  });
});

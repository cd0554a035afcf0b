import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { describe, it } from 'node:test';
import type { EnrollmentDocument } from '../../src/dps/service.ts';
import { makeEntry } from '../outbox/entries.ts';
import { bodyOf, failsWith, failure, json, sendJson, serve } from './answering.ts';
import { HostileServer } from './hostile-server.ts';

const document: EnrollmentDocument = makeEntry({ registrationId: 'device-1' }).document;

describe('ServiceClient', () => {
  it('sends ten enrollments as one bulk operation of mode create, signed for the host without its port', async context => {
    const seen: { url?: string | undefined; body?: unknown; authorization?: string | undefined } = {};
    const server = await serve(context, async (request, response) => {
      seen.url = request.url;
      seen.authorization = request.headers.authorization;
      seen.body = await bodyOf(request);
      sendJson(response, { errors: [], isSuccessful: true });
    });
    const answer = await server.client().createMany([document]);
    assert.deepEqual(answer, { errors: [], isSuccessful: true });
    assert.equal(seen.url, '/enrollments/?api-version=2021-10-01');
    assert.deepEqual(seen.body, { mode: 'create', enrollments: [document] });
    assert.match(
      seen.authorization ?? '',
      /^SharedAccessSignature sr=localhost&sig=[^&]+&skn=keyline&se=\d+$/,
    );
  });

  it('ends a call to a mute server at its deadline, and disturbs no other call', async context => {
    const record = { registrationId: 'patient', attestation: document.attestation };
    let muteIsGone = () => {};
    const gone = new Promise<void>(resolve => (muteIsGone = resolve));
    const server = await serve(context, (request, response) => {
      if (request.url?.includes('mute')) request.socket.once('close', muteIsGone);
      else void gone.then(() => sendJson(response, record));
    });
    const client = server.client({ deadlineMs: 1_000 });
    const mute = client.get('mute');
    const patient = new Promise(resolve => setTimeout(resolve, 300)).then(() => client.get('patient'));
    const error = await failsWith(mute, 'timeout', false);
    assert.match(error.message, /within 1 s/);
    assert.equal((await patient)?.registrationId, 'patient');
  });

  it('ends a call whose answer never ends, and drops its connection', async context => {
    const server = await serve(context, (_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.write('[');
    });
    await failsWith(server.client({ deadlineMs: 200 }).probe(), 'timeout', false);
    while ((await server.connections()) > 0) await new Promise(resolve => setImmediate(resolve));
  });

  it('ends a connection that never becomes TLS at the deadline, knowing that nothing was sent', async context => {
    const mute = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise(resolve => mute.once('listening', resolve));
    context.after(() => mute.close());
    const { port } = mute.address() as AddressInfo;
    const server = await serve(context, json([]));
    const connection = { host: 'localhost', port, sharedAccessKeyName: 'k', sharedAccessKey: 'c2U=' };
    await failsWith(server.client({ connection, deadlineMs: 200 }).probe(), 'timeout', true);
  });

  it('knows that nothing was sent where nobody listens, or the certificate is not trusted', async context => {
    const server = await serve(context, json([]));
    const stranger = await HostileServer.start(json([]));
    const port = stranger.port;
    const connection = { host: 'localhost', port, sharedAccessKeyName: 'k', sharedAccessKey: 'c2U=' };
    await failsWith(server.client({ connection }).probe(), 'tls', true);
    await stranger.close();
    await failsWith(server.client({ connection }).probe(), 'offline', true);
  });

  it('O3 does not take a connection cut before or within the answer for a request that was not sent', async context => {
    const server = await serve(context, (request, response) => {
      if (request.url?.includes('before')) request.socket.destroy();
      else {
        response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '1000' });
        response.write('{"registrationId":', () => request.socket.destroy());
      }
    });
    await failsWith(server.client().get('before'), 'offline', false);
    await failsWith(server.client().get('within'), 'offline', false);
  });

  const garbage: readonly (readonly [string, RequestListener])[] = [
    ['broken JSON', json('{"errors":[')],
    ['JSON of another kind', json(['x'])],
    ['null', json('null')],
    ['an item without a code', json({ isSuccessful: false, errors: [{ registrationId: 'device-1' }] })],
    ['nothing', json('')],
    [
      'a page of a proxy',
      (_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>'),
    ],
    ['a redirect', (_, response) => response.writeHead(302, { Location: 'https://portal/' }).end()],
    ['a 400 of a proxy', (_, response) => response.writeHead(400).end('Bad Request')],
    ['more than any answer', json(`["${'x'.repeat(5_000_000)}"]`)],
    ['no HTTP', request => request.socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
  ];
  for (const [what, answer] of garbage) {
    it(`calls ${what} answer-malformed`, async context => {
      const server = await serve(context, answer);
      const error = await failure(server.client().createMany([document]));
      assert.equal(error.code, 'answer-malformed');
      assert.equal(error.notSent, false);
    });
  }

  it('refuses a record of another id, and one without a key', async context => {
    const server = await serve(context, (request, response) => {
      const registrationId = request.url?.includes('device-1') ? 'device-2' : 'device-3';
      const attestation = registrationId === 'device-2' ? document.attestation : { type: 'tpm' };
      sendJson(response, { registrationId, attestation });
    });
    assert.equal((await failure(server.client().get('device-1'))).code, 'answer-malformed');
    assert.equal((await failure(server.client().get('device-3'))).code, 'answer-malformed');
  });

  it("believes that an enrollment is absent in DPS's own words only", async context => {
    const server = await serve(context, (request, response) => {
      if (request.url?.includes('absent'))
        sendJson(response, { errorCode: 404201, message: 'Not found.' }, 404);
      else response.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>404</h1>');
    });
    assert.equal(await server.client().get('absent'), undefined);
    assert.equal((await failure(server.client().get('elsewhere'))).code, 'answer-malformed');
  });

  it('joins an answer whose characters are split between chunks', async context => {
    const serial = '일련번호-7';
    const record = {
      registrationId: 'device-1',
      attestation: document.attestation,
      optionalDeviceInformation: { serial },
    };
    const bytes = Buffer.from(JSON.stringify(record));
    const middle = bytes.indexOf(Buffer.from('일')) + 1;
    const server = await serve(context, (_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.write(bytes.subarray(0, middle));
      setTimeout(() => response.end(bytes.subarray(middle)), 20);
    });
    const found = await server.client().get('device-1');
    assert.deepEqual(found?.optionalDeviceInformation, { serial });
  });

  it('O5 passes Retry-After on', async context => {
    const server = await serve(
      context,
      json({ errorCode: 429001, message: 'slow' }, 429, { 'Retry-After': '7' }),
    );
    const error = await failure(server.client().createMany([document]));
    assert.deepEqual([error.code, error.retryAfterMs], ['throttled', 7_000]);
  });

  it('keeps connections, no more than it may', async context => {
    let connections = 0;
    const server = await serve(context, (request, response) => {
      if (!(request.socket as unknown as { counted?: true }).counted) connections++;
      (request.socket as unknown as { counted?: true }).counted = true;
      setImmediate(() => sendJson(response, []));
    });
    const client = server.client({ maxSockets: 2 });
    await Promise.all(Array.from({ length: 12 }, () => client.probe()));
    assert.equal(connections, 2);
  });

  it('ends what is running when it is closed, and takes nothing more', async context => {
    let asked = () => {};
    const arrived = new Promise<void>(resolve => (asked = resolve));
    const server = await serve(context, () => asked());
    const client = server.client();
    const running = failsWith(client.createMany([document]), 'offline', false);
    await arrived;
    client.close();
    await running;
    await failsWith(client.probe(), 'offline', true);
  });

  it('S5 asks who answers before the first create, and creates nothing in an emulator', async context => {
    const paths: string[] = [];
    const server = await serve(context, (request, response) => {
      paths.push(request.url ?? '');
      sendJson(response, [], 200, { Server: 'keyline-dps-emulator/1' });
    });
    const client = server.client({ refuseEmulator: true });
    await failsWith(client.createMany([document]), 'emulator-refused', true);
    await failsWith(client.createMany([document]), 'emulator-refused', true);
    assert.deepEqual(paths, Array(2).fill('/enrollments/query?api-version=2021-10-01'));
  });

  it('S5 asks only once where DPS itself answers', async context => {
    const paths: string[] = [];
    const server = await serve(context, (request, response) => {
      paths.push(request.url?.replace(/\?.*/, '') ?? '');
      sendJson(
        response,
        request.url?.startsWith('/enrollments/query') ? [] : { errors: [], isSuccessful: true },
      );
    });
    const client = server.client({ refuseEmulator: true });
    await Promise.all([client.createMany([document]), client.createMany([document])]);
    assert.deepEqual(paths, ['/enrollments/query', '/enrollments/', '/enrollments/']);
  });

  it('refuses a text to trust that holds no certificate', async context => {
    const server = await serve(context, json([]));
    for (const ca of ['', 'none', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n']) {
      assert.throws(() => server.client({ ca }), { code: 'ca-file-unreadable' });
    }
  });

  it('S2 says neither key nor token in an error', async context => {
    const server = await serve(context, json({ errorCode: 401002, message: 'Unauthorized' }, 401));
    const error = await failure(server.client().probe());
    const { inspect } = await import('node:util');
    const said = inspect(error, { depth: 10 });
    assert.equal(error.code, 'unauthorized');
    assert.doesNotMatch(said, /c2VjcmV0|sig=/);
  });
});

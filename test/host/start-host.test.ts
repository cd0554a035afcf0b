import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { overWebSocket } from '../../src/api/client.ts';
import { openSession } from '../../src/api/session.ts';
import { webSocketPath } from '../../src/api/window-words.ts';
import { type Host, startHost } from '../../src/host/start-host.ts';
import { scriptedStation, stationView, unexpected } from '../api/scripted-station.ts';

let directory: string;
let rendererDir: string;
let host: Host;
const station = scriptedStation();

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'keyline-host-'));
  rendererDir = join(directory, 'renderer');
  await mkdir(join(rendererDir, 'assets'), { recursive: true });
  await writeFile(join(rendererDir, 'index.html'), '<!doctype html><title>Keyline</title>');
  await writeFile(join(rendererDir, 'assets', 'a b.js'), '1');
  await writeFile(join(rendererDir, '.hidden'), 'hidden');
  await writeFile(join(directory, 'secret.txt'), 'secret');
  await symlink(join(directory, 'secret.txt'), join(rendererDir, 'link.txt'));
  host = await startHost({ station, rendererDir, onFault: unexpected });
});
after(async () => {
  await host.close();
  await rm(directory, { recursive: true });
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** The path is sent as it is: fetch would tidy it. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', to = host): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port: to.port, path, headers, method }, response => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', piece => {
        body += piece;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    call.on('error', reject);
    call.end();
  });
}

const pathOf = (address: string) => address.slice(new URL(address).origin.length);

async function signIn(to = host): Promise<string> {
  const { headers } = await ask(pathOf(to.newAddress()), {}, 'GET', to);
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

test('a page comes within a second while a hundred connections say nothing', async () => {
  const other = await startHost({ station, rendererDir, onFault: unexpected });
  const cookie = await signIn(other);
  const idle = await Promise.all(
    Array.from({ length: 100 }, async () => {
      const socket = connect(other.port, '127.0.0.1').on('error', () => {});
      await once(socket, 'connect');
      return socket;
    }),
  );
  try {
    const begun = performance.now();
    const pages = await Promise.all(Array.from({ length: 6 }, () => ask('/', { cookie }, 'GET', other)));
    assert.deepEqual(
      pages.map(({ status }) => status),
      Array(6).fill(200),
    );
    assert.ok(performance.now() - begun < 1_000);
    // Who speaks without a session is answered, too.
    assert.equal((await ask('/', {}, 'GET', other)).status, 401);
  } finally {
    for (const socket of idle) socket.destroy();
    await other.close();
  }
});

test('a connection that has shown its session outlives any number of silent ones', async () => {
  const other = await startHost({ station, rendererDir, onFault: unexpected });
  const cookie = await signIn(other);
  const socket = new WebSocket(`ws://127.0.0.1:${other.port}${webSocketPath}`, {
    headers: { cookie, origin: `http://127.0.0.1:${other.port}` },
  });
  await once(socket, 'open');
  const silent = Array.from({ length: 100 }, () => connect(other.port, '127.0.0.1').on('error', () => {}));
  await Promise.all(silent.map(each => once(each, 'connect')));
  try {
    assert.equal((await ask('/', { cookie }, 'GET', other)).status, 200);
    socket.ping();
    await once(socket, 'pong');
  } finally {
    for (const each of silent) each.destroy();
    socket.terminate();
    await other.close();
  }
});

test('S3 listens on loopback', () => {
  assert.match(host.url, /^http:\/\/127\.0\.0\.1:\d+\/\?t=[\w-]{43}$/);
});

test('S3 the token opens one session, once; without it nothing is given', async () => {
  const path = pathOf(host.url);
  assert.equal((await ask('/')).status, 401);
  assert.equal((await ask('/', { cookie: `keyline-127-0-0-1-${host.port}=guess` })).status, 401);
  assert.equal((await ask(`${path}x`)).status, 403);
  assert.equal((await ask(path, {}, 'HEAD')).status, 403, 'a preview does not use it up');
  const opened = await ask(path);
  assert.equal(opened.status, 303);
  assert.equal(opened.headers.location, '/');
  const [cookie = ''] = opened.headers['set-cookie'] ?? [];
  assert.match(cookie, /^keyline-127-0-0-1-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  const page = await ask('/', { cookie: cookie.split(';')[0] ?? '' });
  assert.equal(page.status, 200);
  assert.match(page.body, /<title>Keyline/);
  assert.equal((await ask(path)).status, 403, 'second use');
});

test('S3 sessions and unused tokens are few: the oldest go', async () => {
  const own = await startHost({ station, rendererDir, onFault: unexpected });
  const first = await signIn(own);
  for (let n = 0; n < 8; n++) await signIn(own);
  assert.equal((await ask('/', { cookie: first }, 'GET', own)).status, 401);
  const oldest = own.newAddress();
  for (let n = 0; n < 8; n++) own.newAddress();
  assert.equal((await ask(pathOf(oldest), {}, 'GET', own)).status, 403);
  await own.close();
});

test('S3 a rebound name is refused before anything else', async () => {
  const cookie = await signIn();
  for (const name of [`evil.test:${host.port}`, '127.0.0.1', `localhost:${host.port}`, 'x']) {
    assert.equal((await ask('/', { cookie, host: name })).status, 421, name);
    assert.equal((await ask(pathOf(host.newAddress()), { host: name })).status, 421, name);
  }
});

test('S1 every answer carries the headers that confine the page', async () => {
  const cookie = await signIn();
  const answers = [
    await ask('/', { cookie }),
    await ask('/none', { cookie }),
    await ask('/'),
    await ask('/', { host: 'evil.test' }),
    await ask(pathOf(host.newAddress())),
    await ask('/', { cookie }, 'POST'),
  ];
  assert.deepEqual(
    answers.map(answer => answer.status),
    [200, 404, 401, 421, 303, 405],
  );
  for (const { headers } of answers) {
    const policy = headers['content-security-policy'];
    assert.match(`${policy}`, /default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'/);
    assert.doesNotMatch(`${policy}`, /unsafe|\*|https?:/);
    assert.match(`${policy}`, /frame-ancestors 'none'/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['x-powered-by'], undefined);
  }
});

test('S3 nothing outside the screen is given', async () => {
  const cookie = await signIn();
  for (const path of [
    '/..%2fsecret.txt',
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/link.txt',
    '/.hidden',
    '/assets',
    '/assets/',
    '/index.html/x',
    '/%00',
    '/%zz',
    `/${'a'.repeat(5000)}`,
    '//secret.txt',
  ]) {
    const { status, body } = await ask(path, { cookie });
    assert.equal(status, 404, path);
    assert.doesNotMatch(body, /secret|hidden/, path);
  }
  assert.equal((await ask(`http://127.0.0.1:${host.port}/`, { cookie })).status, 400, 'a whole address');
  const file = await ask('/assets/a%20b.js', { cookie });
  assert.equal(file.status, 200);
  assert.match(`${file.headers['content-type']}`, /^text\/javascript/);
  assert.match(`${file.headers['cache-control']}`, /immutable/);
});

async function upgradeStatus(headers: Record<string, string>, path = '/api'): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, { headers });
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', reject);
  });
}

test('S3 the WebSocket asks for session, Host and Origin', async () => {
  const cookie = await signIn();
  const origin = `http://127.0.0.1:${host.port}`;
  assert.equal(await upgradeStatus({ cookie, origin }), 101);
  assert.equal(await upgradeStatus({ origin }), 403, 'no session');
  assert.equal(await upgradeStatus({ cookie }), 403, 'no Origin');
  assert.equal(await upgradeStatus({ cookie, origin: 'http://evil.test' }), 403);
  assert.equal(await upgradeStatus({ cookie, origin: 'null' }), 403);
  assert.equal(await upgradeStatus({ cookie, origin: `https://127.0.0.1:${host.port}` }), 403);
  assert.equal(await upgradeStatus({ cookie, origin, host: 'evil.test' }), 421);
  assert.equal(await upgradeStatus({ cookie, origin }, '/other'), 404);
});

test('the API answers over the WebSocket, and a session outlives a dropped one', async () => {
  const cookie = await signIn();
  const sockets: WebSocket[] = [];
  const session = openSession(
    async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${host.port}/api`, {
        headers: { cookie, origin: `http://127.0.0.1:${host.port}` },
      });
      sockets.push(socket);
      await once(socket, 'open');
      return overWebSocket(socket as never);
    },
    { firstDelay: 5 },
  );
  const live = () =>
    new Promise<void>(resolve => {
      const leave = session.subscribe(() => {
        if (session.state().link !== 'live') return;
        leave();
        resolve();
      });
    });
  await live();
  assert.deepEqual(session.state().view, stationView);
  const again = live();
  station.current = { ...stationView, fault: 'ledger-full' };
  sockets[0]?.terminate();
  await again;
  assert.equal(session.state().view?.fault, 'ledger-full');
  assert.equal(sockets.length, 2);
  session.close();
});

test('a client that talks no HTTP is sent away and harms nobody', async () => {
  const socket = connect(host.port, '127.0.0.1');
  socket.end('\x16\x03\x01 nonsense\r\n\r\n');
  let said = '';
  for await (const piece of socket) said += piece;
  assert.match(said, /^HTTP\/1\.1 400/);
  assert.equal((await ask('/')).status, 401);
});

test('a port that is taken is told', async () => {
  const options = { station, rendererDir, onFault: unexpected, port: host.port };
  await assert.rejects(startHost(options), { code: 'EADDRINUSE' });
});

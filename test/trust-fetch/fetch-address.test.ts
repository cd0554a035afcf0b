import assert from 'node:assert/strict';
import type { lookup } from 'node:dns';
import { after, before, describe, it } from 'node:test';
import { askedAddress, isInside } from '../../src/trust-fetch/asked-address.ts';
import { FetchError, type FetchFaultCode } from '../../src/trust-fetch/errors.ts';
import { type FetchOptions, fetchAddress } from '../../src/trust-fetch/fetch-address.ts';
import { type AnsweringServer, startAnsweringServer } from './answering-server.ts';
import { startSayingServer } from './saying-server.ts';

const faultOf = (code: FetchFaultCode) => (error: unknown) =>
  error instanceof FetchError && error.code === code && error.hint !== '';

describe('addresses that a certificate names', () => {
  it('are http or https at their own ports, public, and without a user name', () => {
    for (const good of ['http://pki.maker.test/a.crl', 'https://pki.maker.test/a.crl', 'http://8.8.8.8/a'])
      assert.equal(askedAddress(good, []).isInternal, false);
    for (const bad of [
      'ldap://pki.maker.test/cn=crl',
      'file:///etc/passwd',
      'ftp://pki.maker.test/a',
      'http://pki.maker.test:8080/a',
      'http://user:secret@pki.maker.test/',
      'no address',
      '',
    ])
      assert.throws(() => askedAddress(bad, []), faultOf('address-refused'), bad);
  });

  it('never lead to this machine or into the plant, in whatever notation', () => {
    for (const inside of [
      'http://127.0.0.1/',
      'http://2130706433/',
      'http://0x7f.1/',
      'http://0/',
      'http://10.1.2.3/',
      'http://172.31.0.1/',
      'http://192.168.0.1/',
      'http://169.254.169.254/latest/meta-data/',
      'http://100.100.1.1/',
      'http://[::1]/',
      'http://[::ffff:127.0.0.1]/',
      'http://[::ffff:a00:1]/',
      'http://[64:ff9b::a00:1]/',
      'http://[2002:a00:1::]/',
      'http://[fe80::1]/',
      'http://[fd00::1]/',
      'http://localhost/',
      'http://pki.localhost/',
      'http://printer/',
      'http://printer.local./',
    ])
      assert.throws(() => askedAddress(inside, []), faultOf('address-inside'), inside);
    assert.equal(isInside('2a00:1450:4001::1'), false);
    assert.equal(isInside('no address'), true);
  });

  it('are free where the plant named the host, and only at the port it named', () => {
    assert.equal(askedAddress('http://10.1.2.3:8080/a', ['10.1.2.3:8080']).isInternal, true);
    assert.equal(askedAddress('http://crl.plant/a', ['CRL.plant']).isInternal, true);
    assert.throws(
      () => askedAddress('http://10.1.2.3:8081/a', ['10.1.2.3:8080']),
      faultOf('address-refused'),
    );
    assert.throws(() => askedAddress('http://10.1.2.3/a', ['10.1.2.3:8080']), faultOf('address-inside'));
  });
});

describe('fetchAddress', () => {
  let server: AnsweringServer;
  before(async () => {
    server = await startAnsweringServer();
  });
  after(() => server.close());

  const fetchIt = (path: string, changes: Partial<FetchOptions> = {}) =>
    fetchAddress(server.address(path), {
      mostBytes: 1000,
      deadlineMs: 20_000,
      internalHosts: [server.host],
      environment: {},
      ...changes,
    });

  it('gives the bytes, also behind redirects', async () => {
    server.answer('/list', Buffer.from('a list'));
    server.answer('/moved', (_, response) => response.writeHead(302, { location: '/list' }).end());
    assert.equal(String(await fetchIt('/list')), 'a list');
    assert.equal(String(await fetchIt('/moved')), 'a list');
  });

  it('takes no more than it was told to, said beforehand or not', async () => {
    server.answer('/large', Buffer.alloc(1001));
    server.answer('/endless', (_, response) => {
      const more = () => {
        while (response.write(Buffer.alloc(500)));
      };
      response.on('drain', more);
      more();
    });
    await assert.rejects(fetchIt('/large'), faultOf('too-large'));
    await assert.rejects(fetchIt('/endless'), faultOf('too-large'));
    server.answer('/just', Buffer.alloc(1000));
    assert.equal((await fetchIt('/just')).length, 1000);
  });

  it('waits for nobody past its deadline: no answer, or one that drips', async () => {
    server.answer('/silent', () => {});
    server.answer('/dripping', (_, response) => {
      const drip = setInterval(() => response.write('x'), 20);
      response.once('close', () => clearInterval(drip));
    });
    for (const path of ['/silent', '/dripping'])
      await assert.rejects(fetchIt(path, { deadlineMs: 150 }), faultOf('took-too-long'));
    const stopped = new AbortController();
    server.answer('/stopped', () => stopped.abort());
    await assert.rejects(fetchIt('/stopped', { signal: stopped.signal }), faultOf('stopped'));
  });

  it('waits no longer where nothing tells the request of it: a silent proxy, TLS that never comes about, another protocol; and keeps no connection', {
    timeout: 20_000,
  }, async () => {
    for (const [said, code] of [
      ['', 'took-too-long'],
      ['', 'stopped'],
      ['HTTP/1.1 200 OK\r\n\r\n', 'took-too-long'],
      ['HTTP/1.1 200 OK\r\n\r\nno TLS, however long', 'took-too-long'],
    ] as const) {
      await using proxy = await startSayingServer(said);
      const options = { mostBytes: 1000, internalHosts: [], environment: { HTTPS_PROXY: proxy.address } };
      const ending =
        code === 'stopped' ? { deadlineMs: 20_000, signal: AbortSignal.timeout(100) } : { deadlineMs: 150 };
      await assert.rejects(
        fetchAddress('https://pki.maker.test/a', { ...options, ...ending }),
        faultOf(code),
        `${said}, ${code}`,
      );
      await proxy.left;
    }
    await using other = await startSayingServer(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n',
    );
    const options = { mostBytes: 1000, deadlineMs: 20_000, environment: {} };
    await assert.rejects(
      fetchAddress(other.address, { ...options, internalHosts: [other.host] }),
      faultOf('answer-malformed'),
    );
  });

  it('follows three redirects and no loop, and none to where it may not go', async () => {
    server.answer('/round', (_, response) => response.writeHead(301, { location: '/round' }).end());
    const before = server.asked.length;
    await assert.rejects(fetchIt('/round'), faultOf('too-many-redirects'));
    assert.equal(server.asked.length - before, 4);
    for (const [location, code] of [
      ['http://169.254.169.254/latest', 'address-inside'],
      ['file:///etc/passwd', 'address-refused'],
      ['http://[', 'answer-malformed'],
    ] as const) {
      server.answer('/away', (_, response) => response.writeHead(302, { location }).end());
      await assert.rejects(fetchIt('/away'), faultOf(code));
    }
  });

  it('takes nothing but 200, as it is', async () => {
    for (const status of [204, 403, 404, 500]) {
      server.answer('/status', (_, response) => response.writeHead(status).end());
      await assert.rejects(fetchIt('/status'), faultOf('answer-status'));
    }
    server.answer('/zipped', (_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
    );
    await assert.rejects(fetchIt('/zipped'), faultOf('answer-malformed'));
    server.answer('/garbage', request => request.socket.end('what?\r\n\r\n'));
    await assert.rejects(fetchIt('/garbage'), faultOf('answer-malformed'));
    server.answer('/broken', (_, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('half', () => response.destroy());
    });
    await assert.rejects(fetchIt('/broken'), faultOf('no-connection'));
  });

  it('connects to no name that leads inside, however it is answered for', async () => {
    const answering = (...addresses: readonly string[]) =>
      ((_name: string, _options: object, callback: (error: null, found: object[]) => void) =>
        callback(
          null,
          addresses.map(address => ({ address, family: 4 })),
        )) as unknown as typeof lookup;
    const named = (look: typeof lookup) =>
      fetchAddress('http://rebound.maker.test/a', {
        mostBytes: 1000,
        deadlineMs: 5_000,
        internalHosts: [],
        environment: {},
        lookup: look,
      });
    await assert.rejects(named(answering('127.0.0.1')), faultOf('address-inside'));
    await assert.rejects(named(answering('8.8.8.8', '10.0.0.1')), faultOf('address-inside'));
    await assert.rejects(
      named(((_n: string, _o: object, callback: (error: Error) => void) =>
        callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))) as unknown as typeof lookup),
      faultOf('name-unknown'),
    );
  });

  it('goes through the plant’s proxy, by HTTP_PROXY or else by HTTPS_PROXY, and not for hosts of the plant', async () => {
    const list = 'http://pki.maker.test/ek.crl';
    server.answer(list, Buffer.from('by proxy'));
    const options = { mostBytes: 1000, deadlineMs: 5_000, internalHosts: [] };
    const proxy = `http://${server.host}`;
    const dead = 'http://127.0.0.1:1';
    for (const environment of [
      { HTTPS_PROXY: proxy },
      { HTTP_PROXY: proxy, HTTPS_PROXY: dead },
      { http_proxy: proxy, HTTP_PROXY: dead },
    ])
      assert.equal(String(await fetchAddress(list, { ...options, environment })), 'by proxy');
    await assert.rejects(
      fetchAddress(list, { ...options, environment: { HTTPS_PROXY: dead } }),
      faultOf('no-connection'),
    );
    await assert.rejects(
      fetchAddress(list, { ...options, environment: { HTTPS_PROXY: 'what' } }),
      faultOf('proxy-failed'),
    );
    server.answer('/own', Buffer.from('direct'));
    assert.equal(String(await fetchIt('/own', { environment: { HTTPS_PROXY: dead } })), 'direct');
    await assert.rejects(
      fetchAddress('http://proxy.plant.test/', {
        ...options,
        environment: { HTTPS_PROXY: 'http://proxy.plant.test:3128' },
      }),
      faultOf('address-inside'),
    );
  });
});

/** What else may answer, or not answer, where a bridge expects a TPM: each ends by its deadline with the right code. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { startSwtpm } from '../../scripts/virtual-dut/start-swtpm.ts';
import { TctiError, type TctiErrorCode } from '../../src/tcti/errors.ts';
import { openTcti } from '../../src/tcti/open-tcti.ts';
import type { Tcti } from '../../src/tcti/tcti.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import { missing } from '../parts.ts';
import { type Carrier, carriers, cleanUp, frontOf, temporaryFolder } from './bridges.ts';
import { startServer, startServerPair } from './loopback-servers.ts';
import { startMssimFront } from './mssim-front.ts';

const command = Buffer.from('80010000000c0000017b0008', 'hex');
const response = Buffer.from('800100000014000000000008b24706b8fb5afc80', 'hex');
const answer = (socket: Socket, bytes: Buffer | string) => socket.once('data', () => socket.write(bytes));

interface HostilePeer {
  readonly does: string;
  /** How it treats a connection. */
  readonly serve: (socket: Socket) => void;
  /** How one command ends. */
  readonly ends: TctiErrorCode;
  /** It goes away without a byte. */
  readonly saysNothing?: true;
}

const header = (size: number) => {
  const bytes = Buffer.from('80010000000000000000', 'hex');
  bytes.writeUInt32BE(size, 2);
  return bytes;
};

const peers: readonly HostilePeer[] = [
  { does: 'never answers', serve: () => {}, ends: 'timeout' },
  {
    does: 'drips one byte at a time without end',
    serve: socket => {
      socket.once('data', () => {
        const bytes = Buffer.concat([header(4096), Buffer.alloc(4086)]);
        let sent = 0;
        const timer = setInterval(() => socket.write(bytes.subarray(sent, ++sent)), 5);
        socket.once('close', () => clearInterval(timer));
      });
    },
    ends: 'timeout',
  },
  {
    does: 'answers in HTTP',
    serve: socket => answer(socket, 'HTTP/1.1 400 Bad Request\r\n\r\n'),
    ends: 'frame-invalid',
  },
  {
    does: 'greets as sshd before any command',
    serve: socket => socket.write('SSH-2.0-x\r\n'),
    ends: 'frame-invalid',
  },
  { does: 'answers with zeros', serve: socket => answer(socket, Buffer.alloc(64)), ends: 'frame-invalid' },
  { does: 'floods', serve: socket => answer(socket, Buffer.alloc(1 << 20, 0x80)), ends: 'frame-invalid' },
  {
    does: 'names a size below the header',
    serve: socket => answer(socket, header(9)),
    ends: 'frame-invalid',
  },
  {
    does: 'names a size of 4,097 bytes',
    serve: socket => answer(socket, header(4097)),
    ends: 'frame-invalid',
  },
  {
    does: 'names a size of 4 GiB',
    serve: socket => answer(socket, header(0xffff_ffff)),
    ends: 'frame-invalid',
  },
  {
    does: 'sends more than its response',
    serve: socket => answer(socket, Buffer.concat([response, Buffer.alloc(1)])),
    ends: 'frame-invalid',
  },
  {
    does: 'closes in mid-frame',
    serve: socket => socket.once('data', () => socket.end(response.subarray(0, 15))),
    ends: 'closed',
  },
  {
    does: 'closes without an answer',
    serve: socket => socket.once('data', () => socket.end()),
    ends: 'closed',
    saysNothing: true,
  },
  {
    does: 'resets the connection',
    serve: socket => socket.once('data', () => socket.resetAndDestroy()),
    ends: 'closed',
    saysNothing: true,
  },
];

async function serve(context: TestContext, how: (socket: Socket) => void): Promise<number> {
  const server = await startServer(how);
  context.after(() => server.close());
  return server.port;
}

async function openFor(context: TestContext, conf: string): Promise<Tcti> {
  const tcti = await openTcti(parseTctiConf(conf), { connectDeadlineMs: 5_000 });
  context.after(() => tcti.close());
  return tcti;
}

/** Runs the attempt; it must fail with this code, within this time, in ms. */
async function fails(
  attempt: () => Promise<unknown>,
  expected: TctiErrorCode,
  limit: number,
): Promise<TctiError> {
  const start = performance.now();
  const error = await attempt().then(
    value => assert.fail(`it succeeded: ${value}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TctiError, String(error));
  assert.equal(error.code, expected, error.message);
  const took = performance.now() - start;
  assert.ok(took < limit, `took ${took} ms`);
  return error;
}

/** The front of mssim would take the peer's part, so mssim has hostile simulators of its own below. */
const bare: readonly Carrier[] = carriers.filter(name => name !== 'mssim');

for (const carrier of bare) {
  for (const peer of peers) {
    // A command that ends without a byte was never a TPM: its conf string is what to look at.
    const ends = carrier === 'cmd' && peer.saysNothing ? 'unreachable' : peer.ends;
    const skip = carrier !== 'swtpm' && missing('socat');
    test(`${carrier}: a peer that ${peer.does} ends in ${ends}`, { skip }, async context => {
      const port = await serve(context, peer.serve);
      const tcti = await openFor(context, await frontOf(carrier, port, cleanUp(context)));
      const deadlineMs = ends === 'timeout' ? 200 : 10_000;
      await fails(() => tcti.transmit(command, { deadlineMs }), ends, 5_000);
      await fails(() => tcti.transmit(command, { deadlineMs }), ends, 50);
    });
  }

  test(`${carrier}: a response in fragments of one byte is whole`, {
    skip: carrier !== 'swtpm' && missing('socat'),
  }, async context => {
    const port = await serve(context, socket =>
      socket.on('data', () => {
        let sent = 0;
        const timer = setInterval(() => {
          socket.write(response.subarray(sent, ++sent));
          if (sent === response.length) clearInterval(timer);
        }, 1);
      }),
    );
    const tcti = await openFor(context, await frontOf(carrier, port, cleanUp(context)));
    for (let round = 0; round < 2; round++)
      assert.deepEqual(Buffer.from(await tcti.transmit(command, { deadlineMs: 5_000 })), response);
  });
}

test('swtpm: a late surplus is not taken for the next response', async context => {
  let peer: Socket | undefined;
  const port = await serve(context, socket => {
    peer = socket;
    answer(socket, response);
  });
  const tcti = await openFor(context, `swtpm:host=127.0.0.1,port=${port}`);
  await tcti.transmit(command, { deadlineMs: 5_000 });
  await new Promise(resolve => peer?.write(response, resolve));
  // On loopback it lies in our socket now; two turns of the event loop read it.
  await turn();
  await turn();
  await fails(() => tcti.transmit(command, { deadlineMs: 5_000 }), 'frame-invalid', 1_000);
});

test('swtpm and mssim: a dead port is unreachable at once, and so is a name that does not exist', async context => {
  const { port, close } = await startServer(() => {});
  close();
  for (const conf of [
    `swtpm:host=127.0.0.1,port=${port}`,
    `mssim:host=127.0.0.1,port=${port}`,
    'swtpm:host=dut.invalid',
    'swtpm:path=/nonexistent/tpm.sock',
  ]) {
    const error = await fails(() => openFor(context, conf), 'unreachable', 5_000);
    assert.match(error.message, /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENOENT/);
  }
});

test('swtpm: a host that does not accept ends by the connect deadline or the signal', {
  skip: missing('swtpm'),
}, async context => {
  const later = cleanUp(context);
  const swtpm = await startSwtpm({ stateDir: await temporaryFolder(later) });
  later(() => swtpm.stop());
  process.kill(swtpm.pid, 'SIGSTOP');
  await fillBacklog(swtpm.port, later);
  const conf = parseTctiConf(swtpm.bridge);
  await fails(() => openTcti(conf, { connectDeadlineMs: 200 }), 'unreachable', 3_000);
  const signal = AbortSignal.timeout(100);
  await fails(() => openTcti(conf, { connectDeadlineMs: 10_000, signal }), 'cancelled', 3_000);
});

/** Connects until the kernel takes no more connections for a process that does not accept them. */
async function fillBacklog(port: number, later: (action: () => unknown) => void): Promise<void> {
  for (;;) {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', () => {});
    later(() => socket.destroy());
    const connected = once(socket, 'connect').then(() => true);
    const pending = new Promise<boolean>(resolve => setTimeout(() => resolve(false), 300));
    if (!(await Promise.race([connected, pending]))) return;
  }
}

test('mssim: power and NV are switched on once, as tpm2-tss does', {
  skip: missing('swtpm'),
}, async context => {
  const later = cleanUp(context);
  const swtpm = await startSwtpm({ stateDir: await temporaryFolder(later) });
  later(() => swtpm.stop());
  const front = await startMssimFront(swtpm.port);
  later(() => front.close());
  const tcti = await openFor(context, `mssim:host=127.0.0.1,port=${front.port}`);
  assert.deepEqual(front.signals, [1, 11]);
  await tcti.transmit(command, { deadlineMs: 5_000 });
  await tcti.close();
  assert.deepEqual(front.signals, [1, 11]);
});

const wrapped = Buffer.concat([Buffer.from([0, 0, 0, response.length]), response, Buffer.alloc(4)]);

for (const { does, ends, data } of [
  { does: 'never answers', ends: 'timeout', data: () => {} },
  {
    does: 'answers without wrapping',
    ends: 'frame-invalid',
    data: (socket: Socket) => answer(socket, response),
  },
  {
    does: 'ends its response with an error',
    ends: 'frame-invalid',
    data: (socket: Socket) => answer(socket, Buffer.concat([wrapped.subarray(0, -1), Buffer.from([1])])),
  },
  {
    does: 'closes in mid-frame',
    ends: 'closed',
    data: (socket: Socket) => socket.once('data', () => socket.end(wrapped.subarray(0, -1))),
  },
] as const)
  test(`mssim: a simulator that ${does} ends in ${ends}`, async context => {
    const port = await serveSimulator(context, data, socket =>
      socket.on('data', () => socket.write(Buffer.alloc(4))),
    );
    const tcti = await openFor(context, `mssim:host=127.0.0.1,port=${port}`);
    await fails(() => tcti.transmit(command, { deadlineMs: ends === 'timeout' ? 200 : 10_000 }), ends, 5_000);
  });

for (const { does, ends, platform } of [
  { does: 'never answers', ends: 'unreachable', platform: () => {} },
  {
    does: 'answers in HTTP',
    ends: 'frame-invalid',
    platform: (socket: Socket) => answer(socket, 'HTTP/1.1 400'),
  },
  {
    does: 'refuses',
    ends: 'frame-invalid',
    platform: (socket: Socket) => answer(socket, Buffer.from([0, 0, 0, 1])),
  },
  { does: 'closes', ends: 'closed', platform: (socket: Socket) => socket.once('data', () => socket.end()) },
] as const)
  test(`mssim: a platform port that ${does} ends in ${ends}`, async context => {
    const port = await serveSimulator(context, () => {}, platform);
    const conf = parseTctiConf(`mssim:host=127.0.0.1,port=${port}`);
    await fails(() => openTcti(conf, { connectDeadlineMs: 300 }), ends, 3_000);
  });

async function serveSimulator(
  context: TestContext,
  data: (socket: Socket) => void,
  platform: (socket: Socket) => void,
): Promise<number> {
  const servers = await startServerPair(data, platform);
  context.after(() => servers.close());
  return servers.port;
}

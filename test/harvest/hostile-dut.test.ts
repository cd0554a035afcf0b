import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { after, afterEach, describe, test } from 'node:test';
import { CLEAN_UP_MS } from '../../src/harvest/deadlines.ts';
import { defaultDeadlines } from '../../src/harvest/run-harvest.ts';
import { TctiError, type TctiErrorCode, tctiHints } from '../../src/tcti/errors.ts';
import { openTcti } from '../../src/tcti/open-tcti.ts';
import { missing } from '../parts.ts';
import fc from '../property.ts';
import { responseOf, scriptedTcti } from '../tpm/scripted-tcti.ts';
import { harvestAt, memoryNotes, testDeadlines } from './harvest-at.ts';
import { DutShelf } from './virtual-dut.ts';

const quick = { connectMs: 300, commandMs: 300, createPrimaryMs: 300, wholeMs: 2_000 };

describe('a bridge that leads nowhere', () => {
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const server of servers.splice(0)) server.close();
  });

  async function serve(talk: (socket: Socket) => void): Promise<string> {
    const server = createServer(socket => {
      sockets.push(socket.on('error', () => {}));
      talk(socket);
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `swtpm:host=127.0.0.1,port=${(server.address() as AddressInfo).port}`;
  }

  test('a dead port is bridge-unreachable at the first step', async () => {
    const bridge = await serve(() => {});
    servers[0]!.close();
    const finding = await harvestAt(bridge, { deadlines: quick });
    assert.ok(finding.outcome === 'failed');
    assert.deepEqual([finding.code, finding.step], ['bridge-unreachable', 'connect']);
  });

  test('a port that never answers is bridge-timeout within its deadlines', async () => {
    const begun = performance.now();
    const finding = await harvestAt(await serve(() => {}), { deadlines: quick });
    assert.ok(finding.outcome === 'failed');
    assert.deepEqual([finding.code, finding.step], ['bridge-timeout', 'tpm']);
    assert.ok(performance.now() - begun < 1_500);
  });

  test('by the defaults a mute device ends within 15 seconds, and cleaning up adds at most 5', () => {
    assert.ok(defaultDeadlines.connectMs + defaultDeadlines.commandMs <= 15_000);
    assert.ok(CLEAN_UP_MS <= 5_000);
  });

  test('a port that answers garbage is bridge-garbage', async () => {
    const bridge = await serve(socket =>
      socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    const finding = await harvestAt(bridge, { deadlines: quick });
    assert.ok(finding.outcome === 'failed');
    assert.equal(finding.code, 'bridge-garbage');
  });

  test('a port that hangs up is bridge-closed', async () => {
    const finding = await harvestAt(await serve(socket => socket.on('data', () => socket.destroy())));
    assert.ok(finding.outcome === 'failed');
    assert.equal(finding.code, 'bridge-closed');
  });

  test('a run that was cancelled before it began is cancelled', async () => {
    const finding = await harvestAt(await serve(() => {}), { signal: AbortSignal.abort() });
    assert.ok(finding.outcome === 'failed');
    assert.equal(finding.code, 'cancelled');
  });
});

describe('a TPM that answers every command alike', () => {
  const answers: readonly (readonly [string, Uint8Array, string, string?])[] = [
    ['TPM 1.2', responseOf(0x1e, '', 0x00c4), 'tpm-not-2.0'],
    ['not started, on a device', responseOf(0x100), 'tpm-not-started', '0x100'],
    ['failure mode', responseOf(0x101), 'tpm-failure-mode', '0x101'],
    ['lockout', responseOf(0x921), 'tpm-locked-out', '0x921'],
    ['field upgrade', responseOf(0x12d), 'tpm-upgrade', '0x12D'],
    ['full', responseOf(0x902), 'tpm-out-of-memory', '0x902'],
    ['always RETRY', responseOf(0x922), 'tpm-busy', '0x922'],
    ['unknown command', responseOf(0x143), 'tpm-error', '0x143'],
    ['success without content', responseOf(0), 'tpm-answer-malformed'],
  ];
  for (const [what, answer, code, responseCode] of answers) {
    test(`${what}: ${code}`, async () => {
      const finding = await harvestAt('device', {
        deadlines: quick,
        open: async () => scriptedTcti(() => answer),
      });
      assert.ok(finding.outcome === 'failed');
      assert.deepEqual([finding.code, finding.responseCode], [code, responseCode]);
    });
  }

  test('Startup is sent to simulators only', async () => {
    for (const [name, commands] of [
      ['device', 1],
      ['cmd', 1],
      ['swtpm', 3],
      ['mssim', 3],
    ] as const) {
      const tcti = scriptedTcti(() => responseOf(0x100), { name });
      await harvestAt('device', { open: async () => tcti });
      assert.equal(tcti.commands.length, commands, name);
    }
  });
});

describe('a hostile DUT', { skip: missing('swtpm', 'swtpm-tools') }, () => {
  const shelf = new DutShelf();
  after(() => shelf.clear());

  test('whatever it answers, the run ends in a finding, in time, with its text clean', async () => {
    const responses = await recordRun();
    const byteChange = fc.tuple(fc.nat(), fc.nat(255));
    const mutation = fc.oneof(
      fc.record({
        kind: fc.constant('bytes' as const),
        changes: fc.array(byteChange, { minLength: 1, maxLength: 4 }),
      }),
      fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
      fc.record({ kind: fc.constant('code' as const), code: fc.nat(0xfff) }),
      fc.record({ kind: fc.constant('frame' as const), body: fc.uint8Array({ maxLength: 600 }) }),
      fc.record({ kind: fc.constant('other' as const), index: fc.nat(responses.length - 1) }),
      fc.record({ kind: fc.constant('break' as const), code: fc.constantFrom(...breaks) }),
    );
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.nat(responses.length - 1), mutation, async (at, change) => {
        const begun = performance.now();
        const tcti = scriptedTcti((_, index) => {
          const response = responses[Math.min(index, responses.length - 1)]!;
          return index === at ? mutate(response, change, responses) : response;
        });
        const finding = await harvestAt('device', { deadlines: hostileDeadlines, open: async () => tcti });
        const word = 'code' in finding ? finding.code : finding.outcome;
        seen.set(word, (seen.get(word) ?? 0) + 1);
        assert.ok(performance.now() - begun < 1_000);
        assert.ok(tcti.commands.length < 40, `${tcti.commands.length} commands`);
        const { tpm, certificate } = finding;
        const shown = JSON.stringify([
          tpm,
          certificate?.subject,
          certificate?.issuer,
          'detail' in finding && finding.detail,
        ]);
        assert.doesNotMatch(JSON.parse(shown).flat().join(), /[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
      { numRuns: 600 },
    );
    for (const word of ['possession-failed', 'tpm-answer-malformed', 'bridge-closed']) {
      assert.ok(seen.has(word), `${word} is among ${[...seen.keys()]}`);
    }
  });

  test('what the station’s own notes throw passes through, the bridge closed', async () => {
    const dut = await shelf.take('unpersisted');
    const full = new Error('disk full');
    const runNotes = {
      ...memoryNotes(),
      write: () => {
        throw full;
      },
    };
    await assert.rejects(harvestAt(dut.bridge, { runNotes }), full);
    assert.equal((await harvestAt(dut.bridge)).outcome, 'read', 'the next run gets its connection');
  });

  /** All responses of a run in which the key is made, the certificate read and possession proved. */
  async function recordRun(): Promise<Uint8Array[]> {
    const dut = await shelf.take('unpersisted');
    const responses: Uint8Array[] = [];
    const finding = await harvestAt(dut.bridge, {
      open: async (conf, options) => {
        const tcti = await openTcti(conf, options);
        const transmit: typeof tcti.transmit = async (command, limits) => {
          const response = await tcti.transmit(command, limits);
          responses.push(response);
          return response;
        };
        return { name: tcti.name, resourceManaged: false, transmit, close: () => tcti.close() };
      },
    });
    assert.equal(finding.outcome, 'read');
    return responses;
  }
});

const breaks = Object.keys(tctiHints) as TctiErrorCode[];
/** Short, because a response code may be one after which we repeat. */
const hostileDeadlines = { ...testDeadlines, commandMs: 50, createPrimaryMs: 50 };

type Mutation =
  | { readonly kind: 'bytes'; readonly changes: readonly (readonly [number, number])[] }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'frame'; readonly body: Uint8Array }
  | { readonly kind: 'other'; readonly index: number }
  | { readonly kind: 'break'; readonly code: TctiErrorCode };

/** A carrier lets only frames through whose size fits, so mutations keep it. */
function mutate(response: Uint8Array, mutation: Mutation, responses: readonly Uint8Array[]): Uint8Array {
  const copy = Buffer.from(response);
  switch (mutation.kind) {
    case 'bytes':
      for (const [at, value] of mutation.changes) copy[at % copy.length] = value;
      return resized(copy);
    case 'cut':
      return resized(copy.subarray(0, 10 + (mutation.at % (copy.length - 9))));
    case 'code':
      return responseOf(mutation.code);
    case 'frame':
      return responseOf(0, Buffer.from(mutation.body).toString('hex'), copy.readUInt16BE(0));
    case 'other':
      return responses[mutation.index]!;
    case 'break':
      throw new TctiError(mutation.code, 'the \u001b[31mline\u202e broke');
  }
}

function resized(frame: Buffer): Buffer {
  frame.writeUInt32BE(frame.length, 2);
  return frame;
}

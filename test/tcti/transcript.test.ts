/** Transcripts and their replay. Live bridges' contract (contract.test.ts) needs a TPM to stop and kill; a replay has none. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { TctiError, type TctiErrorCode } from '../../src/tcti/errors.ts';
import { openTcti } from '../../src/tcti/open-tcti.ts';
import { replay } from '../../src/tcti/replay-tcti.ts';
import { describeTctiConf, parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import { formatLine, parseTranscript } from '../../src/tcti/transcript.ts';
import fc from '../property.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyline-transcript-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const fixtures = join(import.meta.dirname, '../fixtures/transcripts');
const texts = readdirSync(fixtures)
  .filter(name => name.endsWith('.jsonl'))
  .map(name => readFileSync(join(fixtures, name), 'utf8'));

const head =
  '{"format":"keyline-transcript","version":1,"bridge":"device","madeAt":"2026-11-21T12:00:00.000Z"}\n';
const getRandom = '80010000000c0000017b0008';
const random = `80010000001400000000${'0008'}${'ab'.repeat(8)}`;
const exchange = (ending: string, more = '') =>
  `{"connection":1,"at":1,"ms":1,"command":"${getRandom}"${more},${ending}}\n`;
const options = { deadlineMs: 1_000 };
const code = (expected: TctiErrorCode) => (error: unknown) =>
  error instanceof TctiError && error.code === expected;
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

async function open(text: string, name = 'some.jsonl') {
  const file = join(folder, name);
  writeFileSync(file, text);
  return openTcti(parseTctiConf(`replay:${file}`), { connectDeadlineMs: 5_000 });
}

describe('a transcript', () => {
  test('is written as it is read', () => {
    for (const text of texts) {
      const { header, openings, exchanges } = parseTranscript(text);
      const lines = [header, ...openings, ...exchanges].map(formatLine);
      assert.deepEqual(lines.sort(), text.split(/(?<=\n)/).sort());
    }
  });

  const wrong: readonly (readonly [string, string, number])[] = [
    ['nothing', '', 1],
    ['no JSON', 'hello\n', 1],
    ['another version', head.replace('"version":1', '"version":2'), 1],
    ['a replayed replay', head.replace('device', 'replay'), 1],
    ['a line that is no JSON', `${head}{\n`, 2],
    ['a key that nobody knows', `${head}${exchange('"error":"closed"', ',"x":1')}`, 2],
    ['an error code that nobody knows', `${head}${exchange('"error":"melted"')}`, 2],
    ['a command that is no frame', head + exchange('"error":"closed"').replace(getRandom, '00'), 2],
    ['a response that is no frame', head + exchange('"response":"8001000000"'), 2],
    ['a response with bytes behind it', head + exchange(`"response":"${random}00"`), 2],
    ['odd hex', head + exchange(`"response":"${random}0"`), 2],
    ['fresh bytes beyond the command', head + exchange(`"response":"${random}"`, ',"fresh":[10,13]'), 2],
    ['both response and error', head + exchange(`"response":"${random}","error":"closed"`), 2],
  ];
  for (const [what, text, line] of wrong) {
    test(`with ${what} is frame-invalid, the line named`, async () => {
      await assert.rejects(open(text), error => {
        assert.ok(code('frame-invalid')(error));
        assert.match((error as Error).message, new RegExp(`^Line ${line} `));
        return true;
      });
    });
  }

  test('whatever is in the file, opening and asking ends in a frame or a TctiError', async () => {
    const mutated = fc
      .tuple(
        fc.nat(texts.length - 1),
        fc.array(fc.tuple(fc.nat(), fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('\n', '"', '0'))), {
          maxLength: 4,
        }),
      )
      .map(([index, changes]) =>
        changes.reduce((text, [where, by]) => {
          const at = where % text.length;
          return text.slice(0, at) + by + text.slice(at + by.length);
        }, texts[index]!),
      );
    let opened = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated, fc.string()), async text => {
        try {
          const transcript = parseTranscript(text);
          const tcti = replay(transcript);
          opened += 1;
          for (const { command } of transcript.exchanges) {
            const response = await tcti.transmit(command, options);
            assert.ok(response.length >= 10);
          }
        } catch (error) {
          assert.ok(error instanceof TctiError, String(error));
        }
      }),
      { numRuns: 400 },
    );
    assert.ok(opened > 20, `${opened} opened`);
  });
});

describe('replay', () => {
  const told = head + exchange(`"response":"${random}"`);

  test('answers what was asked, once, then not-recorded', async () => {
    const tcti = await open(told);
    assert.deepEqual(await tcti.transmit(bytes(getRandom), options), bytes(random));
    await assert.rejects(tcti.transmit(bytes(getRandom), options), code('not-recorded'));
  });

  test('gives the recorded failure back, of a command and of the opening', async () => {
    const tcti = await open(head + exchange('"error":"timeout"'));
    await assert.rejects(tcti.transmit(bytes(getRandom), options), code('timeout'));
    await assert.rejects(
      open(`${head}{"connection":1,"at":0,"ms":5000,"error":"unreachable"}\n`),
      code('unreachable'),
    );
  });

  test('takes other bytes where they were fresh, and nowhere else', async () => {
    const tcti = await open(head + exchange(`"response":"${random}"`, ',"fresh":[10,12]'));
    await assert.rejects(tcti.transmit(bytes('80010000000c0000017a0009'), options), code('not-recorded'));
    const again = await open(head + exchange(`"response":"${random}"`, ',"fresh":[10,12]'));
    assert.deepEqual(await again.transmit(bytes('80010000000c0000017b0009'), options), bytes(random));
  });

  test('passes over a last line that a crash cut', async () => {
    const tcti = await open(told + exchange('"error":"closed"').slice(0, -9));
    assert.deepEqual(await tcti.transmit(bytes(getRandom), options), bytes(random));
  });

  test('keeps the promises of a carrier that need no TPM: close, cancel, the name and manager it replays', async () => {
    const tcti = await open(
      `${head}{"connection":1,"at":0,"ms":1,"resourceManaged":true}\n${exchange('"error":"closed"')}`,
    );
    assert.deepEqual([tcti.name, tcti.resourceManaged], ['device', true]);
    const signal = AbortSignal.abort();
    await assert.rejects(tcti.transmit(bytes(getRandom), { ...options, signal }), code('cancelled'));
    await assert.rejects(tcti.transmit(bytes('8001'), options), RangeError);
    await Promise.all([tcti.close(), tcti.close()]);
    await assert.rejects(tcti.transmit(bytes(getRandom), options), code('closed'));
  });

  test('a file that is not there, or is none, is unreachable', async () => {
    for (const path of [join(folder, 'none'), folder]) {
      const conf = parseTctiConf(`replay:${path}`);
      assert.equal(describeTctiConf(conf), `replay:${path}`);
      await assert.rejects(openTcti(conf, { connectDeadlineMs: 5_000 }), code('unreachable'));
    }
    assert.throws(() => parseTctiConf('replay:'), code('conf-invalid'));
    assert.throws(() => parseTctiConf('replay'), code('conf-invalid'));
  });
});

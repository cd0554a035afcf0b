/** Recording a harvest and replaying it (rules S5, H7): the same finding up to the fresh secret. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Finding } from '../../src/harvest/finding.ts';
import { withTranscript } from '../../src/station/attempt/record-transcript.ts';
import { StationError } from '../../src/station/errors.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import { parseTranscript } from '../../src/tcti/transcript.ts';
import { missing } from '../parts.ts';
import { harvestAt } from './harvest-at.ts';
import { DutShelf } from './virtual-dut.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyline-transcripts-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const fixtures = join(import.meta.dirname, '../fixtures/transcripts');
const findings: Readonly<Record<string, Finding>> = JSON.parse(
  readFileSync(join(fixtures, 'findings.json'), 'utf8'),
);

/** What a replay cannot repeat. */
const upToSecret = (finding: Finding) =>
  JSON.parse(JSON.stringify({ ...finding, detail: undefined, possession: 'not-tested' }));

describe('the transcripts of every variant of swtpm', () => {
  const names = readdirSync(fixtures)
    .filter(name => name.endsWith('.jsonl'))
    .map(name => name.slice(0, -'.jsonl'.length));

  test('are the ones whose findings are known', () => {
    assert.deepEqual(names.sort(), Object.keys(findings).sort());
    assert.ok(names.length >= 11);
  });

  for (const name of names) {
    test(`${name}: the same verdict up to the fresh secret`, async () => {
      const replayed = await harvestAt(`replay:${join(fixtures, `${name}.jsonl`)}`);
      assert.equal(replayed.possession, 'not-tested');
      assert.deepEqual(upToSecret(replayed), upToSecret(findings[name]!));
    });
  }

  test('S5 production refuses a replay before its file is opened', async () => {
    const finding = await harvestAt(`replay:${join(folder, 'not-there')}`, { rehearsal: false });
    assert.ok(finding.outcome === 'refused');
    assert.equal(finding.code, 'simulator-refused');
  });

  test('what was not asked then is bridge-not-recorded', async () => {
    const finding = await harvestAt(`replay:${join(fixtures, 'certified.jsonl')}`, { deviceKey: 'L-1' });
    assert.ok(finding.outcome === 'failed');
    assert.deepEqual([finding.code, finding.step], ['bridge-not-recorded', 'key']);
  });

  test('H7 hold no fresh secret: what ActivateCredential gave back is blanked and marked', () => {
    for (const name of names) {
      for (const exchange of parseTranscript(readFileSync(join(fixtures, `${name}.jsonl`), 'utf8'))
        .exchanges) {
        if (Buffer.from(exchange.command).readUInt32BE(6) !== 0x147) continue;
        assert.ok('response' in exchange);
        assert.equal(exchange.redacted, 'certInfo');
        assert.deepEqual(Buffer.from(exchange.response.subarray(16, 48)), Buffer.alloc(32));
      }
    }
  });
});

describe('recording', { skip: missing('swtpm', 'swtpm-tools') }, () => {
  const shelf = new DutShelf();
  after(() => shelf.clear());

  test('changes nothing of the run, is this user’s alone, and leaves the secret out', async () => {
    const dut = await shelf.take('unpersisted');
    const file = join(folder, 'run.jsonl');
    const answers: Uint8Array[] = [];
    const { result, transcript } = await withTranscript({ file }, parseTctiConf(dut.bridge), open =>
      harvestAt(dut.bridge, {
        open: async (conf, options) => {
          const tcti = await open(conf, options);
          return {
            ...tcti,
            transmit: async (command, limits) => {
              const response = await tcti.transmit(command, limits);
              if (Buffer.from(command).readUInt32BE(6) === 0x147) answers.push(response);
              return response;
            },
          };
        },
      }),
    );
    assert.deepEqual(transcript, { file });
    assert.deepEqual([result.outcome, result.possession], ['read', 'proved']);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const text = readFileSync(file, 'utf8');
    const secret = Buffer.from(answers[0]!.subarray(16, 48)).toString('hex');
    assert.notEqual(secret, '00'.repeat(32));
    assert.ok(!text.includes(secret));
    assert.deepEqual(upToSecret(await harvestAt(`replay:${file}`)), upToSecret(result));
  });

  test('leaves what was done at every moment', async () => {
    const dut = await shelf.take('blank-persisted');
    const file = join(folder, 'growing.jsonl');
    let commands = 0;
    await withTranscript({ file }, parseTctiConf(dut.bridge), open =>
      harvestAt(dut.bridge, {
        open: async (conf, options) => {
          const tcti = await open(conf, options);
          return {
            ...tcti,
            transmit: async (command, limits) => {
              assert.equal(parseTranscript(readFileSync(file, 'utf8')).exchanges.length, commands);
              commands += 1;
              return tcti.transmit(command, limits);
            },
          };
        },
      }),
    );
    assert.ok(commands > 5);
  });

  test('records a failed opening, which replays as such', async () => {
    const file = join(folder, 'dead.jsonl');
    const bridge = 'swtpm:host=127.0.0.1,port=1';
    const { result } = await withTranscript({ file }, parseTctiConf(bridge), open =>
      harvestAt(bridge, { open }),
    );
    const replayed = await harvestAt(`replay:${file}`);
    assert.deepEqual(upToSecret(replayed), upToSecret(result));
    assert.ok(replayed.outcome === 'failed' && replayed.code === 'bridge-unreachable');
  });
});

test('recording never overwrites, and says where it cannot write', async () => {
  const file = join(folder, 'there.jsonl');
  writeFileSync(file, 'mine');
  const bridge = parseTctiConf('device:/dev/null');
  const never = () => Promise.reject(new Error('the run must not begin'));
  const codeOf = async (name: string, conf = bridge) => {
    const error = await withTranscript({ file: join(folder, name) }, conf, never).catch(refused => refused);
    return error instanceof StationError ? error.code : error;
  };
  assert.equal(await codeOf('there.jsonl'), 'transcript-exists');
  assert.equal(readFileSync(file, 'utf8'), 'mine');
  assert.equal(await codeOf('no/such/folder'), 'transcript-unwritable');
  assert.equal(await codeOf('new.jsonl', parseTctiConf('replay:x')), 'transcript-of-replay');
});

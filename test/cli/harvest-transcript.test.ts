/** `harvest --record FILE` and `harvest --bridge replay:FILE` as a supporter uses them. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { parseTranscript } from '../../src/tcti/transcript.ts';
import { documentOf, keyline } from './run-keyline.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'keyline-cli-transcript-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const recorded = path.join(import.meta.dirname, '../fixtures/transcripts/certified.jsonl');
const harvest = (args: readonly string[], env: Readonly<Record<string, string>>, name: string) =>
  keyline(['harvest', '--json', ...args], { dataDir: path.join(folder, name), env });

const codeOf = (stdout: string) => /"code":\s*"([a-z-]+)"/.exec(stdout)?.[1];

describe('keyline harvest with transcripts', () => {
  it('S5 replays one in a rehearsal, where it says that possession was not tested', async () => {
    const args = ['--bridge', `replay:${recorded}`, '--serial', 'SN-1'];
    const ended = await harvest(args, { KEYLINE_REHEARSAL: '1' }, 'rehearsal');
    assert.equal(ended.code, 0, ended.stderr);
    const { verdict, possession, rehearsal } = documentOf(ended);
    assert.deepEqual([verdict, possession, rehearsal], ['passed', 'not-tested', true]);
    const refused = await harvest(args, {}, 'production');
    assert.deepEqual([refused.code, documentOf(refused).code], [4, 'simulator-refused']);
  });

  it('records also a run that reaches no device, for this user alone, and overwrites nothing', async () => {
    const file = path.join(folder, 'run.jsonl');
    const args = ['--bridge', 'swtpm:host=127.0.0.1,port=1', '--serial', 'SN-2', '--record', file];
    const ended = await harvest(args, {}, 'recording');
    assert.deepEqual([ended.code, documentOf(ended).transcript], [3, { file }], ended.stderr);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const text = readFileSync(file, 'utf8');
    assert.equal(parseTranscript(text).openings.length, 1);
    const again = await harvest(args, {}, 'recording');
    assert.deepEqual([again.code, codeOf(again.stdout)], [2, 'transcript-exists']);
    assert.equal(readFileSync(file, 'utf8'), text);
  });
});

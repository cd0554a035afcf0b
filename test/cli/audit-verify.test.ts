/** `audit verify` with several files, of which one is missing, one is no export and one is good: each is told of. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { keyline } from './run-keyline.ts';

describe('audit verify at the command line', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-cli-verify-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const at = (name: string) => path.join(folder, name);
  const run = (...args: string[]) =>
    keyline(args, { dataDir: at('station'), env: { KEYLINE_REHEARSAL: '1' } });
  const verify = async (...files: string[]) => {
    const ended = await run('audit', 'verify', ...files, '--json');
    const lines = ended.stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    return { code: ended.code, lines };
  };
  before(async () => {
    const exported = await run('audit', 'export', '--format', 'jsonl', '--out', at('good.jsonl'));
    assert.equal(exported.code, 0, exported.stderr);
  });

  it('A3 says that the good one is intact also where another one is missing', async () => {
    const { code, lines } = await verify(at('missing.jsonl'), at('good.jsonl'));
    assert.equal(code, 2);
    assert.deepEqual(
      lines.map(line => line.code ?? line.level),
      ['export-unreadable', 'intact'],
    );
    assert.ok(lines[0].message.includes('missing.jsonl'));
  });

  for (const [what, content] of [
    ['a text without a line end', 'hello'],
    ['a text', 'hello\nworld\n'],
    ['another JSON', '{"a":1}\n'],
    ['another CSV', '\uFEFFserial,endorsementKey\r\n'],
    ['bytes', Buffer.from([0xff, 0xfe, 0, 1, 0x0a])],
    ['a line without end', Buffer.alloc(5_000_000, 'A')],
    ['nothing', ''],
  ] as const)
    it(`A3 says of ${what} that it is no export, and not that one was tampered with`, async () => {
      writeFileSync(at('other'), content);
      const { code, lines } = await verify(at('other'), at('good.jsonl'));
      assert.equal(code, 4);
      assert.deepEqual(
        lines.map(line => line.problem ?? line.level),
        ['not-an-export', 'intact'],
      );
      const words = await run('audit', 'verify', at('other'));
      assert.match(words.stdout, /^NOT AN EXPORT/);
    });

  it('A2 gives out key and checkpoint, by which the ledger and an export verify', async () => {
    const given = async (...args: string[]) => JSON.parse((await run('audit', ...args, '--json')).stdout);
    const { verifierKey, keys } = await given('key', '--svg', at('key.svg'));
    assert.deepEqual(keys, [verifierKey]);
    assert.match(readFileSync(at('key.svg'), 'utf8'), /^<svg /);
    const { files, note, size } = await given('checkpoint');
    assert.equal(readFileSync(files[0], 'utf8'), note);
    const { code, lines } = await verify(
      at('station/ledger.sqlite'),
      '--key',
      verifierKey,
      '--checkpoint',
      files[0],
    );
    assert.equal(code, 0);
    assert.partialDeepStrictEqual(lines, [{ level: 'witnessed', witnessedUpTo: size, verifierKey }]);
    assert.match((await run('audit', 'checkpoint')).stdout, /▀/);
    const { outsideSize, contradiction } = JSON.parse((await run('status', '--json')).stdout).audit;
    assert.deepEqual([outsideSize, contradiction], [size, null]);
    const refused = await run('audit', 'rotate-key', '--reason', 'old');
    assert.equal(refused.code, 4);
  });
});

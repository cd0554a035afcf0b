/** `audit verify` with several files, of which one is missing, one is no export and one is good: each is told of. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
});

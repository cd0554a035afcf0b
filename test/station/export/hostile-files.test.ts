/** Files that were made to break whoever verifies them: each ends in a verdict that names it, in bounded time and memory. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { leafHash } from '../../../src/audit/merkle.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { exportAudit } from '../../../src/station/export/export-audit.ts';
import { verifyEvidence } from '../../../src/station/export/verify-audit.ts';
import { coreForTest, readAttempt, temporaryFolder } from '../station-fixture.ts';

describe('files made to break verification', () => {
  const folder = temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  const said = async (name: string, content?: string | Buffer) => {
    if (content !== undefined) writeFileSync(at(name), content);
    const [verdict] = await verifyEvidence(at(name), { key: undefined, checkpoints: [] });
    return verdict!.ok ? verdict!.level : verdict!.problem;
  };
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const letters = 'A'.repeat(10_000_000);
  let log: string;
  before(async () => {
    using core = coreForTest();
    recordAttempt(core, readAttempt(1, '=1+1'));
    await exportAudit(core, { format: 'jsonl', out: at('log'), account: 'os:test' });
    await exportAudit(core, { format: 'limpet-csv', out: at('list'), account: 'os:test' });
    log = readFileSync(at('log'), 'utf8');
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [what, content, problem] of [
    ['a passport that nests', () => `{"certificates":[${nested(100_000)}]}\n`, 'malformed'],
    [
      'a passport that nests beyond any stack',
      () => `{"certificates":[${nested(5_000_000)}]}\n`,
      'malformed',
    ],
    ['a passport of one long text', () => `{"certificates":["${letters}"]}\n`, 'malformed'],
    [
      'a consistency proof that nests',
      () => `{"format":"keyline-consistency-proof","from":${nested(200_000)}}\n`,
      'malformed',
    ],
    [
      'a consistency proof of one long text',
      () => `{"format":"keyline-consistency-proof","from":"${letters}"}\n`,
      'malformed',
    ],
    ['an export whose head nests', () => `{"filter":${nested(500_000)}}\n`, 'malformed'],
    [
      'an export with an entry that nests, with a hash that fits',
      () =>
        log.replace(/\{"entry":(.*),"leafHash":".*"\}/, (_, entry: string) => {
          const deep = entry.replace('"data":{', `"data":{"a":${nested(400_000)},`);
          return `{"entry":${deep},"leafHash":"${leafHash(Buffer.from(deep)).toString('hex')}"}`;
        }),
      'entry-malformed',
    ],
    ['an export with a line of 10 MB', () => log.replace('\n', `\n${letters}\n`), 'malformed'],
    ['an export in UTF-16', () => Buffer.from(`\uFEFF${log}`, 'utf16le'), 'not-an-export'],
    ['an export with a byte order mark', () => `\uFEFF${log}`, 'not-an-export'],
    ['an export with CR LF for LF', () => log.replaceAll('\n', '\r\n'), 'malformed'],
    ['a line without end', () => letters, 'not-an-export'],
    [
      'a size beyond 2^53',
      () => `a/b\n9007199254740993\n${'A'.repeat(43)}=\n\n— a/b AAAA\n`,
      'not-an-export',
    ],
    [
      'a checkpoint of a million signatures',
      () => `a/b\n1\n${'A'.repeat(43)}=\n\n${'— a/b AAAAAAAA\n'.repeat(1_000_000)}`,
      'not-an-export',
    ],
    [
      'a checkpoint with a control character',
      () => `a\u0007b\n1\n${'A'.repeat(43)}=\n\n— a AAAA\n`,
      'key-missing',
    ],
  ] as const)
    it(`A3 says of ${what}: ${problem}`, async () => {
      assert.equal(await said('hostile', content()), problem);
    });

  it('A3 a manifest leads to no other file than the one beside it', async () => {
    const manifest = readFileSync(at('list.manifest.json'), 'utf8');
    assert.equal(await said('list.manifest.json'), 'intact');
    for (const name of ['../list', '/etc/passwd', '..', '', 'list\u0000', 'C:\\list'])
      assert.equal(
        await said('list.manifest.json', manifest.replace('"file":"list"', `"file":${JSON.stringify(name)}`)),
        'seal-differs',
      );
    mkdirSync(at('away'));
    const moved = path.join('away', 'list.manifest.json');
    writeFileSync(at(moved), manifest);
    await assert.rejects(said(moved), { code: 'export-unreadable' }, 'the list stayed where it was');
    symlinkSync('/dev/zero', at('away/list'));
    await assert.rejects(said(moved), { code: 'export-unreadable' }, 'a device might never end');
    await assert.rejects(said('nested.manifest.json'), { code: 'export-unreadable' });
    assert.equal(await said('nested.manifest.json', `{"file":${nested(100_000)}}\n`), 'not-an-export');
    assert.equal(await said('nested.manifest.json', `{"file":"${letters}"}\n`), 'not-an-export');
  });
});

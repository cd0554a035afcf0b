/** `harvest --hierarchy-password` as a supervisor uses it, at a real swtpm whose endorsement hierarchy has a password. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { tpm2 } from '../harvest/tpm2-tools.ts';
import { DutShelf, type VirtualDut } from '../harvest/virtual-dut.ts';
import { missing } from '../parts.ts';
import { atTerminal, documentOf, type Ended, keyline } from './run-keyline.ts';
import './cheap-pins.ts';

const minaPin = '240817';
const leePin = '913572';
const password = 'Xq-secret-77';

interface Given {
  readonly env?: Record<string, string>;
  readonly lines?: readonly string[];
  readonly started?: (child: ChildProcess) => void;
}

describe('keyline harvest --hierarchy-password', {
  skip: missing('swtpm', 'swtpm-tools', 'tpm2-tools', 'socat'),
}, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-cli-password-'));
  const dataDir = path.join(folder, 'station');
  const shelf = new DutShelf();
  let dut: VirtualDut;
  /** Everything that any of the commands wrote. */
  let written = '';

  async function run(args: readonly string[], given: Given = {}): Promise<Ended> {
    const ended = await keyline([...args, '--json'], {
      dataDir,
      env: { KEYLINE_REHEARSAL: '1', ...given.env },
      started: child => {
        given.started?.(child);
        child.stdin!.end((given.lines ?? []).map(line => `${line}\n`).join(''));
      },
    });
    written += ended.stdout + ended.stderr;
    return ended;
  }
  const harvest = (...more: string[]) => ['harvest', '--fixture', 'left', '--serial', 'SN-1', ...more];
  const asMina = ['--hierarchy-password', '--as', 'mina'];
  const endOf = async (args: readonly string[], given?: Given): Promise<unknown[]> => {
    const ended = await run(args, given);
    return [ended.code, documentOf(ended).code];
  };

  before(async () => {
    dut = await shelf.take('unpersisted');
    await tpm2(dut.bridge, 'changeauth', '-c', 'e', password);
    dut = await dut.powerCycle();
    const person = (id: string, role: string, ...more: string[]) => [
      'people',
      'add',
      id,
      '--name',
      id,
      '--role',
      role,
      ...more,
    ];
    assert.equal((await run(person('mina', 'supervisor'), { lines: [minaPin] })).code, 0);
    assert.equal(
      (await run(person('lee', 'engineer', '--as', 'mina'), { lines: [minaPin, leePin] })).code,
      0,
    );
    const fixtures = [{ id: 'left', bridge: dut.bridge }];
    writeFileSync(path.join(dataDir, 'keyline.json'), JSON.stringify({ fixtures }));
  });
  after(async () => {
    await shelf.clear();
    rmSync(folder, { recursive: true, force: true });
  });

  it('S1 is a supervisor’s act, and asks nothing of anybody else', async () => {
    const ended = await run(harvest());
    assert.deepEqual([ended.code, documentOf(ended).code], [3, 'hierarchy-password']);
    assert.match(String(documentOf(ended).hint), /--hierarchy-password --as ID/);
    assert.equal((await run(harvest('--hierarchy-password'))).code, 2);
    assert.equal((await run(harvest('--as', 'mina'))).code, 2);
    const asLee = harvest('--hierarchy-password', '--as', 'lee');
    assert.deepEqual(await endOf(asLee, { lines: [leePin, password] }), [4, 'role-missing']);
  });

  it('says of a wrong one that it is forgotten', async () => {
    assert.deepEqual(await endOf(harvest(...asMina), { lines: [minaPin, 'wrong'] }), [
      3,
      'hierarchy-password-refused',
    ]);
  });

  it('S2 A1 harvests with it; the audit says who gave one, and it is nowhere', async () => {
    let commandLine = '';
    const record = path.join(folder, 'run.jsonl');
    const ended = await run(harvest(...asMina, '--record', record), {
      env: { KEYLINE_PIN: minaPin, KEYLINE_HIERARCHY_PASSWORD: password },
      started: child => {
        const file = `/proc/${child.pid}/cmdline`;
        if (existsSync(file)) commandLine = readFileSync(file, 'utf8');
      },
    });
    const result = documentOf(ended);
    assert.deepEqual(
      [ended.code, result.verdict, result.possession, result.hierarchyPassword],
      [0, 'passed', 'proved', 'taken'],
    );
    const looked = await run(['tpm', 'info', '--fixture', 'left', ...asMina], { lines: [minaPin, password] });
    const key = documentOf(looked).endorsementKey as Record<string, unknown>;
    assert.deepEqual([key.ekSha256, key.madeFrom], [result.ekSha256, 'L-1'], looked.stdout + looked.stderr);
    const exported = path.join(folder, 'audit.jsonl');
    await run(['audit', 'export', '--format', 'jsonl', '--out', exported]);
    const uses = readFileSync(exported, 'utf8')
      .split('\n')
      .flatMap(
        line => /"hierarchyPassword":\{"personId":"([^"]+)","use":"(\w+)"\}/.exec(line)?.slice(1) ?? [],
      );
    assert.equal(uses.length, 4, 'the wrong one and the right one');
    assert.deepEqual([uses[1], uses[3]], ['refused', 'taken']);
    assert.equal(uses[0], uses[2]);
    assert.match(
      readFileSync(exported, 'utf8'),
      /"data":\{"bridge":"swtpm","fixture":"left","use":"taken"\},.*"type":"hierarchy-password"/,
    );
    assert.doesNotMatch(readFileSync(exported, 'utf8'), /mina/i);
    const replayed = await run(['harvest', '--bridge', `replay:${record}`, '--serial', 'SN-1']);
    assert.deepEqual([replayed.code, documentOf(replayed).verdict], [0, 'retest']);
    for (const file of readdirSync(dataDir, { recursive: true, withFileTypes: true }))
      if (file.isFile()) written += readFileSync(path.join(file.parentPath, file.name), 'latin1');
    written += commandLine + readFileSync(record, 'utf8') + readFileSync(exported, 'utf8');
    for (const secret of [
      password,
      Buffer.from(password).toString('hex'),
      Buffer.from(password).toString('base64'),
    ])
      assert.ok(!written.includes(secret), secret);
  });

  it('S2 shows nothing of one that is typed at a terminal', async () => {
    const asked = `harvest --fixture left --serial SN-1 ${asMina.join(' ')}`;
    const shown = await atTerminal(asked, dataDir, [
      [/^PIN of mina: $/m, minaPin],
      [/^Password of the endorsement hierarchy: $/m, password],
    ]);
    assert.match(shown, /PASS \(already recorded\) {2}SN-1/);
    assert.ok(!shown.includes(password) && !shown.includes(minaPin));
  });
});

import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { missing } from '../parts.ts';
import { atTerminal, documentOf, type Ended, keyline } from './run-keyline.ts';
import './cheap-pins.ts';

let folder: string;
const minaPin = '240817';
const leePin = '913572';

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'keyline-people-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

interface Given {
  readonly env?: Record<string, string>;
  readonly lines?: readonly string[];
  readonly started?: (child: ChildProcess) => void;
}

function run(args: readonly string[], given: Given = {}): Promise<Ended> {
  return keyline([...args, '--json'], {
    dataDir: folder,
    env: { KEYLINE_REHEARSAL: '1', ...given.env },
    started: child => {
      given.started?.(child);
      child.stdin!.end((given.lines ?? []).map(line => `${line}\n`).join(''));
    },
  });
}

/** Exit code and, with `--json`, the code of the failure. */
async function endOf(args: readonly string[], given?: Given): Promise<[number | null, unknown]> {
  const ended = await run(args, given);
  return [ended.code, documentOf(ended).code];
}

const add = (id: string, role: string) => ['people', 'add', id, '--name', id.toUpperCase(), '--role', role];
const setLee = (as: string) => ['people', 'set-pin', 'lee', '--as', as];

describe('keyline people', () => {
  it('S1 makes the first supervisor, and then nobody without one', async () => {
    assert.deepEqual(await endOf(add('lee', 'operator'), { lines: [leePin] }), [4, 'first-supervisor']);
    const made = await run(add('mina', 'supervisor'), { lines: [minaPin] });
    assert.equal(made.code, 0, made.stdout + made.stderr);
    assert.deepEqual(await endOf(add('lee', 'operator'), { lines: [leePin] }), [4, 'sign-in-needed']);
    const wrong = { lines: ['240818', leePin] };
    assert.deepEqual(await endOf([...add('lee', 'operator'), '--as', 'mina'], wrong), [4, 'sign-in-refused']);
    const lee = await run([...add('lee', 'operator'), '--badge', '--as', 'mina'], {
      lines: [minaPin, '0004711', leePin],
    });
    assert.equal(lee.code, 0, lee.stdout + lee.stderr);
    const { people } = documentOf(await run(['people', 'list'])) as { people: Record<string, unknown>[] };
    assert.deepEqual(
      people.map(({ id, role, hasBadge, hasPin }) => [id, role, hasBadge, hasPin]),
      [
        ['lee', 'operator', true, true],
        ['mina', 'supervisor', false, true],
      ],
    );
  });

  it('S2 takes PINs from the environment or stdin, and shows none in the process list or its output', async () => {
    let commandLine = '';
    const set = await run(setLee('mina'), {
      env: { KEYLINE_PIN: minaPin, KEYLINE_NEW_PIN: '864209' },
      started: child => {
        const file = `/proc/${child.pid}/cmdline`;
        if (existsSync(file)) commandLine = readFileSync(file, 'utf8');
      },
    });
    assert.equal(set.code, 0, set.stdout + set.stderr);
    assert.doesNotMatch(commandLine + set.stdout + set.stderr, /240817|864209/);
    const own = await run(setLee('lee'), { lines: ['864209', leePin] });
    assert.equal(own.code, 0, own.stdout);
    for (const option of ['--pin', '--badge=4711'])
      assert.equal((await run([...add('x', 'operator'), option, leePin])).code, 2, option);
  });

  it('ends with 2 where no PIN comes, where it is weak, and for a role that is none', async () => {
    const none = await run(setLee('mina'));
    assert.equal(none.code, 2);
    assert.match(String(documentOf(none).message), /KEYLINE_PIN/);
    assert.deepEqual(await endOf(setLee('mina'), { lines: [minaPin, '123456'] }), [2, 'pin-weak']);
    assert.equal((await run(add('x', 'owner'))).code, 2);
  });

  it('S1 locks over processes after wrong PINs, and a supervisor’s new PIN ends it', async () => {
    for (const pin of ['100001', '100003', '100005'])
      assert.deepEqual(await endOf(setLee('lee'), { lines: [pin, leePin] }), [4, 'sign-in-refused']);
    assert.deepEqual(await endOf(setLee('lee'), { lines: [leePin, leePin] }), [4, 'sign-in-locked']);
    assert.equal((await run(setLee('mina'), { lines: [minaPin, leePin] })).code, 0);
    assert.equal((await run(setLee('lee'), { lines: [leePin, leePin] })).code, 0);
  });

  it('A1 removes a person and keeps the audit whole', async () => {
    const remove = (id: string) => ['people', 'remove', id, '--as', 'mina'];
    assert.equal((await run(remove('lee'), { lines: [minaPin] })).code, 0);
    assert.deepEqual(await endOf(remove('mina'), { lines: [minaPin] }), [4, 'last-supervisor']);
    assert.equal(documentOf(await run(['audit', 'verify'])).ok, true);
  });

  it('S2 shows nothing of a PIN that is typed at a terminal', { skip: missing('socat') }, async () => {
    const shown = await atTerminal('people set-pin mina --as mina', folder, [
      [/^PIN of mina: $/m, `${minaPin}9\u007f`],
      [/^new PIN of mina: $/m, '531975'],
      [/^new PIN of mina again: $/m, '531975'],
    ]);
    assert.match(shown, /mina has a new PIN/);
    assert.doesNotMatch(shown, /240817|531975/);
  });
});

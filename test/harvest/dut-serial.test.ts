/** Rule H10 over a real sshd: the serial that the device itself gives, asked on the connection that leads to its TPM. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startSlowLink } from '../../scripts/virtual-dut/slow-link.ts';
import { giveToDut } from '../../scripts/virtual-dut/ssh-dut.ts';
import {
  type DutSerialRule,
  dutSerialFiles,
  judgeDutSerial,
  readFileCommand,
} from '../../src/harvest/dut-serial.ts';
import type { Finding } from '../../src/harvest/finding.ts';
import { missing, missingSshd } from '../parts.ts';
import fc from '../property.ts';
import { sshInFrontOf, temporaryFolder } from '../tcti/bridges.ts';
import { harvestAt, testDeadlines } from './harvest-at.ts';
import { stateOf } from './tpm2-tools.ts';
import { DutShelf, type VirtualDut } from './virtual-dut.ts';

const skip = missing('swtpm', 'swtpm-tools', 'tpm2-tools', 'socat') || missingSshd();
const label = 'GX2-00017';

describe('H10 the serial that the device itself gives', { skip }, () => {
  const shelf = new DutShelf();
  const ending: (() => unknown)[] = [];
  const later = (action: () => unknown) => void ending.unshift(action);
  after(async () => {
    for (const end of ending) await end();
    await shelf.clear();
  });
  let dut: VirtualDut;
  let bridge: Awaited<ReturnType<typeof sshInFrontOf>>;
  before(async () => {
    dut = await shelf.take('certified');
    bridge = await sshInFrontOf('ssh tpm2_send', dut.port, later);
  });

  async function fileOnDut(content: string | Buffer): Promise<string> {
    const folder = await temporaryFolder(later);
    await giveToDut(folder, 0o755);
    const file = join(folder, 'serial-number');
    await writeFile(file, content);
    await giveToDut(file, 0o644);
    return file;
  }
  const rule = (command: string, unread: DutSerialRule['unread'] = 'refuse'): DutSerialRule => ({
    command,
    expected: label,
    expectedFrom: 'label',
    unread,
  });
  const harvest = (dutSerial: DutSerialRule, options: object = {}) =>
    harvestAt(bridge.conf, { ssh: bridge.ssh, dutSerial, ...options });

  test('the same one passes, as the device tree and as DMI write it', async () => {
    for (const content of [`${label}\0`, `${label}\n`, ` ${label} \r\n`]) {
      const finding = await harvest(rule(readFileCommand(await fileOnDut(content))));
      assert.equal(finding.outcome, 'read', JSON.stringify(finding));
      assert.deepEqual(finding.dutSerial, { status: 'same', serial: label });
      assert.ok(!finding.warnings.includes('dut-serial-unread'));
    }
  });

  test('needs nothing on the device but sh and dd', async () => {
    const own = await shelf.take('certified');
    const ends: (() => unknown)[] = [];
    try {
      const bare = await sshInFrontOf('ssh dd', own.port, end => ends.unshift(end));
      const dutSerial = rule(readFileCommand(await fileOnDut(label)));
      const finding = await harvestAt(bare.conf, { ssh: bare.ssh, dutSerial });
      assert.deepEqual(
        [finding.outcome, finding.dutSerial?.status],
        ['read', 'same'],
        JSON.stringify(finding),
      );
    } finally {
      for (const end of ends) await end();
    }
  });

  test('another one is refused before the TPM is asked anything, with both', async () => {
    const state = await stateOf(dut.bridge);
    const finding = await harvest(rule('echo GX2-00018', 'warn'));
    assert.ok(finding.outcome === 'refused', JSON.stringify(finding));
    assert.equal(finding.code, 'dut-serial-differs');
    assert.equal(finding.detail, `the label says ${label}, the device itself GX2-00018`);
    assert.deepEqual(finding.dutSerial, { status: 'differs', serial: 'GX2-00018' });
    assert.equal(finding.tpm, undefined);
    assert.equal(await stateOf(dut.bridge), state);
  });

  for (const [what, command, why] of [
    ['a file that is not there', readFileCommand('/nowhere'), /exit code 1.*nowhere/],
    ['a command that fails after it spoke', `echo ${label}; exit 3`, /exit code 3/],
    ['silence', ':', /has none/],
    ['far too much', 'dd if=/dev/zero bs=9000 count=9', /more than 1024 bytes/],
    ['a maker’s placeholder', 'echo To Be Filled By O.E.M.', /placeholder/],
    ['what is no text', String.raw`printf '\377\376'`, /UTF-8/],
    ['control characters', String.raw`printf 'GX2\033[2J'`, /U\+001B/],
    ['one that never ends', 'read never', /Gave up/],
  ] as const)
    test(`${what} is no answer: refused, or a warning where the product says so`, async () => {
      const deadlines = { ...testDeadlines, commandMs: 1_000 };
      const refused = await harvest(rule(command), { deadlines });
      assert.ok(refused.outcome === 'refused', JSON.stringify(refused));
      assert.equal(refused.code, 'dut-serial-unread');
      assert.match(refused.detail, why);
      assert.doesNotMatch(refused.detail, /\p{Cc}/u);
      const warned = await harvest(rule(command, 'warn'), { deadlines });
      assert.equal(warned.outcome, 'read', JSON.stringify(warned));
      assert.equal(warned.dutSerial?.status, 'unread');
      assert.ok(warned.warnings.includes('dut-serial-unread'));
    });

  test('a bridge that cannot ask says so', async () => {
    const finding = await harvestAt(dut.bridge, { dutSerial: rule(`echo ${label}`) });
    assert.ok(finding.outcome === 'refused');
    assert.match(finding.detail, /over swtpm no command can be run/);
  });

  test('a cut and a cancel while the device is asked end as they do elsewhere', async () => {
    const link = await startSlowLink(Number(bridge.conf.split(':').at(-1)), 0, later);
    const folder = await temporaryFolder(later);
    await giveToDut(folder, 0o755);
    /** Resolves with the run when its question has reached the device, which never answers. */
    const asked = async (name: string, options: object) => {
      const mark = join(folder, name);
      const run = harvestAt(bridge.conf.replace(/\d+$/, `${link.port}`), {
        ssh: bridge.ssh,
        dutSerial: rule(`: > '${mark}'; read never`),
        deadlines: { ...testDeadlines, commandMs: 20_000 },
        ...options,
      });
      while (!existsSync(mark)) await pause(5);
      return { run };
    };
    const codeOf = (finding: Finding) => finding.outcome === 'failed' && finding.code;
    const cancel = new AbortController();
    const cancelled = await asked('cancelled', { signal: cancel.signal });
    cancel.abort();
    assert.equal(codeOf(await cancelled.run), 'cancelled');
    const cut = await asked('cut', {});
    link.cut();
    assert.equal(codeOf(await cut.run), 'bridge-closed');
  });
});

test('H10 knows the places where Linux shows a serial', () => {
  assert.equal(
    readFileCommand(dutSerialFiles['device-tree']),
    "LC_ALL=C exec dd if='/proc/device-tree/serial-number' bs=1024 count=1",
  );
  assert.deepEqual(Object.keys(dutSerialFiles), ['dmi-product-serial', 'dmi-board-serial', 'device-tree']);
});

test('H10 any answer is the same, differs or is unread, and only what is the same is the same', () => {
  const answers = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(label, `${label}\0\0\n`, `\0${label}`),
  );
  fc.assert(
    fc.property(answers, text => {
      const { status, serial } = judgeDutSerial({ text }, { expected: label, expectedFrom: 'label' }, 'ssh');
      assert.equal(status === 'same', serial === label);
      assert.equal(status === 'unread', serial === undefined);
      if (status === 'same') assert.equal(text.replaceAll(/[\0\s]/g, ''), label);
    }),
  );
});

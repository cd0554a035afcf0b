/** Sticks as they are: full, pulled out, rewritten by an editor, with other things on them than a bundle. Nothing is lost. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { linkSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { splitIntoParts } from '../../../src/courier/parts.ts';
import { trustPeer } from '../../../src/station/courier/peers.ts';
import { bundleOf, entry, overlongBundle, key as strangersKey } from '../../courier/letters.ts';
import { noSmallDisk, onSmallDisk } from '../../small-disk.ts';
import { enterSupervisor } from '../conflict-desk/two-stations.ts';
import { CourierLine, harvest, pack, statesOf, unpack } from './courier-fixture.ts';

describe('a stick', () => {
  it('S4 may be full or pulled out while a bundle or a receipt is written or read, and the disk may be full: all can be repeated', {
    skip: noSmallDisk(),
  }, () => {
    assert.deepEqual(onSmallDisk(`${import.meta.dirname}/stick-script.ts`, 24_000), {
      full: ['export-full', 'export-full'],
      leftOnFull: [],
      pulled: 'export-medium-gone',
      afterwards: [[], 24],
      read: 'courier-unreadable',
      packed: [4, 24],
      ledger: 'full',
      half: [0, 0],
      taken: [24, 0, false],
      receipt: 'export-full',
      number: 2,
      closed: 24,
      states: ['create queued'],
    });
  });
});

describe('what lies on a stick beside or instead of a bundle', () => {
  const line = new CourierLine();
  after(() => line.close());
  const receiver = line.online('receiver');
  const act = { who: enterSupervisor(receiver), reason: 'test' };
  trustPeer(receiver, strangersKey.verifierKey, 'bundles', act);
  const now = Date.now();
  const letter = bundleOf([entry(1)], {
    target: { host: line.host, idScope: line.idScope },
    madeAt: new Date(now).toISOString(),
    validUntil: new Date(now + 86_400_000).toISOString(),
  });
  const fileOf = ({ id, bytes }: { id: string; bytes: Buffer }) =>
    splitIntoParts({ kind: 'bundle', id, bytes })[0]!;
  const whole = fileOf(letter);
  const put = (bytes: Buffer | string) => {
    const file = line.file();
    writeFileSync(file, bytes);
    return file;
  };
  const refuses = async (file: string, code: string, message?: RegExp) => {
    const error = await unpack(receiver, file).then(
      () => undefined,
      (thrown: Error & { code: string; hint: string }) => thrown,
    );
    assert.equal(error?.code, code, `${error?.message}`);
    assert.match(error.message, message ?? /./);
    assert.ok(error.hint);
    assert.deepEqual([statesOf(receiver), receiver.ledger.counts.devices()], [[], 0]);
  };

  it('is told from one that an editor or a transfer rewrote as text', async () => {
    const text = whole.toString('latin1');
    const rewritten = [
      Buffer.from(`\ufeff${text}`, 'utf16le'),
      Buffer.from(text, 'utf16le'),
      Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
      Buffer.concat([Buffer.from('\ufeff'), whole]),
      Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1'),
    ];
    for (const bytes of rewritten) await refuses(put(bytes), 'courier-damaged', /written anew as text/);
    // Behind its first line nothing but the hash tells.
    await refuses(put(Buffer.concat([whole, Buffer.from('\r\n')])), 'courier-damaged');
    await refuses(put(Buffer.from(text, 'utf8')), 'courier-damaged');
    await refuses(put('serial,ek\nSN-1,AAAA\n'), 'courier-unreadable');
    await refuses(put(''), 'courier-cut-short');
  });

  it('is not waited for where it is a pipe, a device or a folder, and names say nothing about what it is', async () => {
    const pipe = line.file('pipe');
    assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
    const toDevice = line.file('link');
    symlinkSync('/dev/zero', toDevice);
    const toPipe = line.file('link');
    symlinkSync(pipe, toPipe);
    const toNothing = line.file('link');
    symlinkSync(path.join(line.stick, 'gone'), toNothing);
    const loop = line.file('loop');
    symlinkSync(loop, loop);
    for (const file of [pipe, toDevice, toPipe, toNothing, loop, '/dev/null', line.stick, 'a\0b', ''])
      await refuses(file, 'courier-unreadable');
    await refuses(path.join(line.stick, '..', '..', '..', 'etc', 'passwd'), 'courier-unreadable');
    await refuses(path.join(receiver.folder, 'ledger.sqlite'), 'courier-unreadable');
    for (const id of ['../../../etc/cron.d/x', '/etc/passwd', '\0'.repeat(36), 'x'.repeat(36)])
      await refuses(put(whole.toString('latin1').replace(letter.id, id)), 'courier-unreadable');
  });

  it('never costs more than a bundle may have, however long its lines are', async () => {
    await refuses(put(fileOf(overlongBundle(letter, 10_000_000))), 'courier-too-large');
    const note = Buffer.concat([
      Buffer.from('keyline courier bundle 1\n'),
      Buffer.alloc(10_000_000, '['),
      Buffer.from('\n\n— a/b AAAA\n'),
    ]);
    await refuses(put(fileOf({ id: letter.id, bytes: note })), 'courier-tampered');
    await refuses(put(Buffer.alloc(10_000_000, 'k')), 'courier-unreadable');
  });

  it('goes nowhere but to the place that was named', async () => {
    const sender = line.offline('sender');
    harvest(sender, 'x', 'SN-x');
    const inside = line.file('into');
    symlinkSync(path.join(sender.folder, 'secrets'), inside);
    await assert.rejects(pack(sender, path.join(inside, 'bundle')), { code: 'export-over-station' });
    await assert.rejects(pack(sender, 'bundle\0'), { code: 'export-unwritable' });
    await assert.rejects(pack(sender, line.stick), { code: 'export-unwritable' });
    await assert.rejects(pack(sender, '/dev/full'), { code: 'export-unwritable' });
    const ledger = path.join(sender.folder, 'ledger.sqlite');
    const before = readFileSync(ledger);
    const link = line.file('link');
    symlinkSync(ledger, link);
    const hard = line.file('hard');
    linkSync(ledger, hard);
    await pack(sender, link);
    await pack(sender, hard);
    assert.ok(
      readFileSync(ledger).subarray(0, 100).equals(before.subarray(0, 100)),
      'links are replaced, not followed',
    );
    assert.equal(readFileSync(link, 'latin1').slice(0, 24), 'keyline courier 1 bundle');
    // And the good one is taken, whatever came before it.
    assert.equal((await unpack(receiver, put(whole))).counts.taken, 1);
  });
});

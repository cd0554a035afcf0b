import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type TestContext, test } from 'node:test';
import { startSwtpm } from '../../scripts/virtual-dut/start-swtpm.ts';
import { openDevice } from '../../src/tcti/device-tcti.ts';
import { TctiError, type TctiErrorCode } from '../../src/tcti/errors.ts';
import { missing } from '../parts.ts';
import { cleanUp, temporaryFolder } from './bridges.ts';
import { startRawPty } from './raw-pty.ts';

const command = Buffer.from('80010000000c0000017b0008', 'hex');
const options = { connectDeadlineMs: 5_000 };
const skip = missing('swtpm', 'socat');

function code(expected: TctiErrorCode): (error: unknown) => boolean {
  return error => error instanceof TctiError && error.code === expected;
}

/** Terminals with these names in a folder, each in front of its own swtpm. */
async function devices(context: TestContext, ...names: string[]) {
  const later = cleanUp(context);
  const folder = await temporaryFolder(later);
  const pids: number[] = [];
  for (const name of names) {
    const swtpm = await startSwtpm({ stateDir: await temporaryFolder(later) });
    later(() => swtpm.stop());
    const pty = await startRawPty(join(folder, name), swtpm.port);
    later(() => pty.close());
    pids.push(swtpm.pid);
  }
  const search = ['tpmrm0', 'tpm0', 'tcm0'].map(name => join(folder, name));
  return { folder, pids, search, later };
}

test('device: without a path the resource-managed device comes first', { skip }, async context => {
  const { search } = await devices(context, 'tpm0', 'tpmrm0');
  const tcti = await openDevice({ name: 'device' }, options, search);
  assert.equal(tcti.resourceManaged, true);
  assert.equal((await tcti.transmit(command, { deadlineMs: 5_000 })).length, 20);
  await tcti.close();
});

test('device: without a path the raw device serves where there is no other', { skip }, async context => {
  const { search } = await devices(context, 'tpm0');
  const tcti = await openDevice({ name: 'device' }, options, search);
  assert.equal(tcti.resourceManaged, false);
  assert.equal((await tcti.transmit(command, { deadlineMs: 5_000 })).length, 20);
  await tcti.close();
});

test('device: none there is unreachable and says where was looked', async context => {
  const folder = await temporaryFolder(cleanUp(context));
  const search = [join(folder, 'tpmrm0'), join(folder, 'tpm0')];
  await assert.rejects(openDevice({ name: 'device' }, options, search), error => {
    assert.ok(error instanceof TctiError && error.code === 'unreachable');
    assert.ok(search.every(path => error.message.includes(path)));
    return true;
  });
  await assert.rejects(openDevice({ name: 'device', path: '/dev/tpm99' }, options), code('unreachable'));
});

test('device: a file or a folder is refused and stays as it was', async context => {
  const folder = await temporaryFolder(cleanUp(context));
  const path = join(folder, 'notes');
  await writeFile(path, 'keep me');
  await assert.rejects(openDevice({ name: 'device', path }, options), code('unreachable'));
  await assert.rejects(openDevice({ name: 'device', path: folder }, options), code('unreachable'));
  assert.equal(await readFile(path, 'utf8'), 'keep me');
});

test('device: other character devices end with the right code', async () => {
  const zero = await openDevice({ name: 'device', path: '/dev/zero' }, options);
  await assert.rejects(zero.transmit(command, { deadlineMs: 5_000 }), code('frame-invalid'));
  const nothing = await openDevice({ name: 'device', path: '/dev/null' }, options);
  await assert.rejects(nothing.transmit(command, { deadlineMs: 100 }), code('timeout'));
});

test('device: six mute devices leave the event loop and the thread pool free', { skip }, async context => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const { folder, pids } = await devices(context, ...names);
  const opened = await Promise.all(
    names.map(name => openDevice({ name: 'device', path: join(folder, name) }, options)),
  );
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  const waiting = opened.map(tcti =>
    assert.rejects(tcti.transmit(command, { deadlineMs: 1_000 }), code('timeout')),
  );
  const start = performance.now();
  let turns = 0;
  while (performance.now() - start < 500) {
    await stat(folder);
    turns += 1;
  }
  assert.ok(turns > 50, `only ${turns} file operations in 500 ms`);
  await Promise.all(waiting);
});

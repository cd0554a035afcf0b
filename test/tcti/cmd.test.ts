import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { startSwtpm } from '../../scripts/virtual-dut/start-swtpm.ts';
import { TctiError } from '../../src/tcti/errors.ts';
import { openTcti } from '../../src/tcti/open-tcti.ts';
import type { Tcti } from '../../src/tcti/tcti.ts';
import { missing } from '../parts.ts';
import { untilGone } from '../processes.ts';
import { cleanUp, temporaryFolder } from './bridges.ts';

const getRandom = Buffer.from('80010000000c0000017b0008', 'hex');
const options = { deadlineMs: 5_000 };

async function openCommand(context: TestContext, command: string): Promise<Tcti> {
  const tcti = await openTcti({ name: 'cmd', command }, { connectDeadlineMs: 5_000 });
  context.after(() => tcti.close());
  return tcti;
}

async function failure(attempt: Promise<unknown>): Promise<TctiError> {
  const error = await attempt.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TctiError, String(error));
  return error;
}

/** The numbers that a test's command wrote into a file, as soon as all are there. */
async function pidsIn(file: string, count: number): Promise<number[]> {
  for (;;) {
    const pids = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(line => line !== '');
    if (pids.length >= count) return pids.map(Number);
    await pause(5);
  }
}

test('cmd: one tpm2_send serves the whole bridge', {
  skip: missing('swtpm', 'tpm2-tools'),
}, async context => {
  const later = cleanUp(context);
  const swtpm = await startSwtpm({ stateDir: await temporaryFolder(later) });
  later(() => swtpm.stop());
  const tcti = await openCommand(context, `tpm2_send -T ${swtpm.bridge}`);
  for (let round = 0; round < 3; round++) assert.equal((await tcti.transmit(getRandom, options)).length, 20);
});

test('cmd: a command that does not exist is unreachable, with what the shell says', async context => {
  const tcti = await openCommand(context, 'no-such-tpm-sender --password s3cret');
  const error = await failure(tcti.transmit(getRandom, options));
  assert.equal(error.code, 'unreachable');
  assert.match(error.message, /exit code 127: .*no-such-tpm-sender: not found/);
  assert.doesNotMatch(error.message, /s3cret/);
});

test('cmd: the end of a long stderr is kept, as one line without control characters', async context => {
  const tcti = await openCommand(
    context,
    `i=0; while [ $i -lt 500 ]; do echo noise >&2; i=$((i+1)); done; printf '\\033[31mno\\ttpm\\033[0m\\n' >&2; exit 3`,
  );
  const error = await failure(tcti.transmit(getRandom, options));
  assert.match(error.message, /^The command ended with exit code 3: .*noise no tpm$/);
  assert.ok(error.message.length < 500);
});

test('cmd: children end with the bridge, those that ignore SIGTERM as well', {
  timeout: 20_000,
}, async context => {
  const file = join(await temporaryFolder(cleanUp(context)), 'pids');
  const stubborn = `sh -c 'trap "" TERM; echo $$ >> ${file}; while :; do sleep 1; done'`;
  const tcti = await openCommand(context, `echo $$ > ${file}; trap "" TERM; ${stubborn} & ${stubborn} | cat`);
  const pids = await pidsIn(file, 3);
  const start = performance.now();
  await tcti.close();
  const took = performance.now() - start;
  assert.ok(took > 900 && took < 4_000, `closing took ${took} ms`);
  await untilGone(pids);
});

test('cmd: what a shell leaves behind when it ends goes with it', { timeout: 20_000 }, async context => {
  const file = join(await temporaryFolder(cleanUp(context)), 'pids');
  const tcti = await openCommand(
    context,
    `sh -c 'echo $$ > ${file}; exec sleep 100' & while [ ! -s ${file} ]; do :; done`,
  );
  await failure(tcti.transmit(getRandom, { deadlineMs: 10_000 }));
  await untilGone(await pidsIn(file, 1));
});

test('cmd: what the command prints before it is asked is no response', async context => {
  const file = join(await temporaryFolder(cleanUp(context)), 'pid');
  const response = '\\200\\1\\0\\0\\0\\12\\0\\0\\0\\0';
  const tcti = await openCommand(context, `printf '${response}'; echo $$ > ${file}; exec cat > /dev/null`);
  await pidsIn(file, 1);
  // The bytes lie in our pipe now; two turns of the event loop read them.
  await turn();
  await turn();
  const error = await failure(tcti.transmit(getRandom, options));
  assert.equal(error.code, 'frame-invalid');
});

test('cmd: a command that closes its stdout and lives on is over', async context => {
  const tcti = await openCommand(context, 'exec 1>&-; exec sleep 100');
  const error = await failure(tcti.transmit(getRandom, { deadlineMs: 10_000 }));
  assert.equal(error.code, 'unreachable');
  assert.match(error.message, /SIGTERM/);
});

test('S2 cmd: the command does not inherit Keyline’s environment', async context => {
  process.env.KEYLINE_TEST_SECRET = 's3cret';
  context.after(() => delete process.env.KEYLINE_TEST_SECRET);
  const tcti = await openCommand(context, 'env | grep -c KEYLINE_TEST_SECRET >&2; printenv PATH >&2; exit 1');
  const { message } = await failure(tcti.transmit(getRandom, options));
  assert.match(message, /exit code 1: 0 \//);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { LineTcti } from '../../src/tcti/line-tcti.ts';

const command = Buffer.from('80010000000a00000000', 'hex');
const never = new Promise<Uint8Array>(() => {});

/** A line that gives these, one for each command. */
function answering(...answers: readonly (() => Promise<Uint8Array>)[]) {
  const left = [...answers];
  let closed = 0;
  const line = {
    exchange: () => left.shift()!(),
    close: async () => {
      closed += 1;
    },
  };
  return { tcti: new LineTcti('swtpm', false, line), closed: () => closed };
}

const atOnce = async () => command;

test('a deadline that is nearer than that of an earlier command holds', async () => {
  const { tcti, closed } = answering(atOnce, () => never);
  await tcti.transmit(command, { deadlineMs: 60_000 });
  const begun = performance.now();
  await assert.rejects(tcti.transmit(command, { deadlineMs: 30 }), { code: 'timeout', message: /30 ms/ });
  assert.ok(performance.now() - begun < 30_000);
  assert.equal(closed(), 1);
});

test('a command has its own time, not what an earlier one left', async () => {
  const { tcti } = answering(atOnce, async () => {
    await pause(100);
    return command;
  });
  await tcti.transmit(command, { deadlineMs: 40 });
  assert.deepEqual(await tcti.transmit(command, { deadlineMs: 60_000 }), command);
  await tcti.close();
});

test('a deadline that is farther than that of an earlier command holds all the same', async () => {
  const { tcti } = answering(atOnce, () => never);
  await tcti.transmit(command, { deadlineMs: 20 });
  const begun = performance.now();
  await assert.rejects(tcti.transmit(command, { deadlineMs: 150 }), { code: 'timeout' });
  // A timer may be a millisecond early.
  assert.ok(performance.now() - begun >= 148);
});

test('nothing of a closed line keeps the process', async () => {
  const { tcti } = answering(atOnce);
  await tcti.transmit(command, { deadlineMs: 600_000 });
  await tcti.close();
  assert.deepEqual(
    process.getActiveResourcesInfo().filter(resource => resource === 'Timeout'),
    [],
  );
});

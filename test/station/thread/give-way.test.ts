import assert from 'node:assert/strict';
import { once } from 'node:events';
import { getPriority } from 'node:os';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';

const giveWay = new URL('../../../src/station/thread/give-way.ts', import.meta.url).href;

test('a thread gives way by itself, and its process stays as it was', {
  skip: process.platform !== 'linux' && 'threads have a priority of their own on Linux alone',
}, async () => {
  const before = getPriority();
  const thread = new Worker(
    `import { getPriority } from 'node:os';
     import { parentPort } from 'node:worker_threads';
     import { giveWayInThread } from '${giveWay}';
     giveWayInThread();
     parentPort.postMessage(getPriority());`,
    { eval: true, execArgv: ['--input-type=module'] },
  );
  const [inThread] = await once(thread, 'message');
  assert.ok(inThread > before, `${inThread} in the thread, ${before} before`);
  assert.equal(getPriority(), before);
  await thread.terminate();
});

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { atNextFrame } from '../../renderer/next-frame.ts';
import { everyTick } from '../../renderer/station/ticks.ts';

/** Of a display of 60 frames a second; nothing here waits for one. */
const frameMs = 1000 / 60;

let now = 0;
let asked = new Map<number, FrameRequestCallback>();
let last = 0;
const frame = () => {
  now += frameMs;
  const callbacks = [...asked.values()];
  asked = new Map();
  for (const callback of callbacks) callback(now);
};

beforeEach(() => {
  now += 60_000;
  asked = new Map();
  Object.assign(globalThis, {
    requestAnimationFrame(callback: FrameRequestCallback) {
      last += 1;
      asked.set(last, callback);
      return last;
    },
    cancelAnimationFrame: (id: number) => void asked.delete(id),
  });
});
afterEach(() => {
  for (const name of ['requestAnimationFrame', 'cancelAnimationFrame'])
    Reflect.deleteProperty(globalThis, name);
});

test('what goes on by itself is drawn in every other frame, however often it changes', t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let shown = 0;
  let isComing = false;
  for (let frames = 0; frames < 60; frames++) {
    if (!isComing)
      atNextFrame(() => {
        shown += 1;
        isComing = false;
      }, false);
    isComing = true;
    frame();
  }
  assert.equal(shown, 30);
});

test('what somebody waits for is drawn in the next frame, and what changes seldom, too', () => {
  const shown: string[] = [];
  atNextFrame(() => shown.push('by itself'), false);
  frame();
  assert.deepEqual(shown, ['by itself']);
  atNextFrame(() => shown.push('awaited'), true);
  frame();
  assert.deepEqual(shown, ['by itself', 'awaited']);
});

test('a window without frames is shown what changes all the same, once; what was left never', t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let shown = 0;
  atNextFrame(() => {
    shown += 1;
  }, false);
  atNextFrame(() => assert.fail('left'), true)();
  t.mock.timers.tick(250);
  frame();
  assert.equal(shown, 1);
});

test('all who look at the time as often are told by one timer, in one turn', t => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'] });
  const told: string[] = [];
  const first = everyTick(100, at => told.push(`first ${at}`));
  t.mock.timers.tick(60);
  const second = everyTick(100, at => told.push(`second ${at}`));
  t.mock.timers.tick(40);
  assert.deepEqual(told.splice(0), ['first 100', 'second 100']);
  first();
  t.mock.timers.tick(100);
  assert.deepEqual(told.splice(0), ['second 200']);
  second();
  t.mock.timers.tick(1000);
  assert.deepEqual(told, []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatheredCall } from '../../../src/station/kiosk/gathered-call.ts';

test('the first call is made at the end of the turn, those close behind it as one', t => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
  let made = 0;
  const gathered = new GatheredCall(() => {
    made += 1;
  }, 100);
  gathered.ask();
  gathered.ask();
  assert.equal(made, 0);
  t.mock.timers.tick(1);
  assert.equal(made, 1, 'what was asked in the same turn is one');
  for (let each = 0; each < 20; each += 1) gathered.ask();
  t.mock.timers.tick(50);
  assert.equal(made, 1);
  t.mock.timers.tick(60);
  assert.equal(made, 2);
  t.mock.timers.tick(1000);
  assert.equal(made, 2, 'nothing is made that nobody asked for');
  gathered.ask();
  gathered.close();
  t.mock.timers.tick(1000);
  assert.equal(made, 2);
});

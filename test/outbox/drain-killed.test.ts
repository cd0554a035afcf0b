import assert from 'node:assert/strict';
import { it } from 'node:test';
import { drainOverKills } from './drain-and-kill.ts';
import { makeEntries } from './entries.ts';

const devices = 1_500;

it('O3 kill -9 at random moments, with replies lost: each created once, acknowledged once', async context => {
  const { dps } = await drainOverKills(context, makeEntries(devices), 11);
  const { enrollments } = await dps.state();
  assert.equal(enrollments.length, devices);
  assert.ok(enrollments.every(({ created, overwritten }) => created === 1 && overwritten === 0));
});

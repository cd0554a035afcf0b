import assert from 'node:assert/strict';
import { it } from 'node:test';
import { causeOf } from '../../../src/station/conflict-desk/causes.ts';

it('O8 tells both ways out for an entry of another DPS: the new one, or back to its own', () => {
  const { likely } = causeOf('other-dps')!;
  assert.match(likely, /supervisor sends them to the new one/);
  assert.match(likely, /set this station to that DPS again; `keyline queue retry`/);
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OutboxRow } from '../../../db/rows.ts';
import type { Decision } from '../../../src/station/conflict-desk/decisions.ts';
import { decisionsFor } from '../../../src/station/conflict-desk/fitting-decisions.ts';
import { outboxRow } from '../../db/ledger-fixture.ts';

const theirs = JSON.stringify({ registrationId: 'reg-1', etag: '"1"' });
const conflict = (reason: string, change: Partial<OutboxRow> = {}) =>
  ({ state: 'conflict', reason, detail: theirs, attempts: 1, ...change }) as const;
const aside = (reason: string, change: Partial<OutboxRow> = {}) =>
  ({ state: 'quarantined', reason, detail: '"why"', attempts: 0, ...change }) as const;

const table: readonly (readonly [string, Partial<OutboxRow>, readonly Decision[]])[] = [
  ['a clone', conflict('clone-elsewhere'), ['keep', 'replace', 'cancel']],
  ['unknown origin', conflict('unknown-origin'), ['keep', 'replace', 'cancel']],
  ['another key', conflict('other-endorsement-key'), ['keep', 'replace', 'new-id', 'cancel']],
  [
    'another key, and a replacement that came too late',
    conflict('other-endorsement-key', { operation: 'update', over_etag: '"0"' }),
    ['keep', 'replace', 'new-id', 'cancel'],
  ],
  ['a record without an etag', conflict('clone-elsewhere', { detail: '{"etag":7}' }), ['keep', 'cancel']],
  ['a detail that cannot be read', conflict('clone-elsewhere', { detail: '{' }), ['keep', 'cancel']],
  ['a change of a foreign one', conflict('unknown-origin', { operation: 'disable' }), ['keep', 'cancel']],
  ['gone', conflict('gone-from-dps', { operation: 'update', detail: '{}' }), ['replace', 'cancel']],
  ['another DPS', aside('other-dps'), ['cancel', 'retarget']],
  ['another DPS, sent there before', aside('other-dps', { attempts: 2 }), ['retarget']],
  ['a change for another DPS', aside('other-dps', { operation: 'delete' }), ['cancel']],
  ['refused by DPS', aside('rejected-by-dps', { attempts: 1 }), ['cancel']],
  ['unreadable', aside('unreadable'), ['cancel']],
  ['waiting, never sent', {}, ['cancel']],
  ['waiting, sent before', { attempts: 1 }, []],
  ['on its way', { state: 'sending', attempts: 1 }, []],
  ['enrolled', { state: 'enrolled', attempts: 1 }, []],
  ['cancelled', { state: 'cancelled' }, []],
];

describe('the decisions that are open', () => {
  for (const [what, change, open] of table)
    it(`for ${what}: ${open.join(', ') || 'none'}`, () => {
      assert.deepEqual(decisionsFor(outboxRow({ device_id: 'd', harvest_id: 'h', ...change })), open);
    });
});

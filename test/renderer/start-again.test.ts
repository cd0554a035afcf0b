/** Which endings can be started again, held against what their cards tell the technician to do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../../renderer/messages/en.ts';
import { startsAgain } from '../../renderer/station/start-again.ts';
import type { VerdictCode } from '../../src/api/contract.ts';

const tellsToTestAgain = /\b(start again|start once more|test this unit again)\b/i;
const tellsToHold = /keep the unit here|do not test it again|take the unit out/i;

for (const [code, card] of Object.entries(en.verdict))
  test(`${code}: the tile offers what its card tells`, () => {
    const offered = startsAgain[code as VerdictCode];
    if (tellsToTestAgain.test(card.do)) assert.equal(offered, true);
    if (tellsToHold.test(card.do)) assert.equal(offered, false);
  });

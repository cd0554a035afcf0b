import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { layoutFor } from '../../renderer/station/layout.ts';

describe('layoutFor', () => {
  test('gives each of 1 to 32 fixtures a place, in at most 8 columns and 4 rows', () => {
    for (let fixtures = 1; fixtures <= 32; fixtures++) {
      const { columns, rows } = layoutFor(fixtures);
      assert.ok(columns * rows >= fixtures && columns <= 8 && rows <= 4, `${fixtures}: ${columns}×${rows}`);
      assert.ok(columns * (rows - 1) < fixtures, `${fixtures}: an empty row`);
    }
  });

  test('says everything up to four fixtures, a line up to sixteen, a sign beyond', () => {
    assert.deepEqual(
      [1, 4, 5, 16, 17, 32].map(count => layoutFor(count).density),
      ['full', 'full', 'short', 'short', 'sign', 'sign'],
    );
    assert.deepEqual(layoutFor(32), { columns: 8, rows: 4, density: 'sign' });
  });
});

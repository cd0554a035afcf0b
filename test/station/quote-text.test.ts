import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quoteText } from '../../src/station/quote-text.ts';

test('shows what was scanned without what steers a terminal or turns text around', () => {
  assert.equal(quoteText('SN-1 한글', 64), '"SN-1 한글"');
  assert.equal(quoteText('a\u0095b\u202ec\u001bd\u2028e', 64), '"a\\u{95}b\\u{202E}c\\u001bd\\u{2028}e"');
  assert.equal(quoteText('ab😀', 3), '"ab\\ud83d"');
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { comparisonText } from '../../src/cli/comparison-text.ts';
import type { EntryComparison } from '../../src/station/conflict-desk/compare-entry.ts';

it('lets nothing that somebody wrote into DPS steer the terminal', () => {
  const comparison = {
    entry: { entryId: 'e-1', dpsHost: 'dps.example' },
    cause: { code: 'clone-elsewhere', what: 'What.', likely: 'Likely.' },
    fields: [{ name: 'serial', ours: 'SN-2', theirs: 'SN\u001b[2J\n\u202e', differs: true }],
    timesSent: 1,
    decisions: [{ decision: 'keep', roles: ['supervisor', 'engineer'] }],
  } as unknown as EntryComparison;
  const text = comparisonText(comparison);
  assert.match(text, /≠ +serial +SN-2 +SN\\u\{1B\}\[2J\\u\{A\}\\u\{202E\}\n/);
  assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
  assert.match(text, /queue resolve e-1 .*--decision\n {2}keep \(supervisor or engineer\)$/);
});

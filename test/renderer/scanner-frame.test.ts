import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutFrame } from '../../renderer/scan/scanner-frame.ts';

const frame = { prefix: '~', suffix: '!' };
const scan = (text: string) => ({ kind: 'scan', text }) as const;

test('what a plant’s scanner puts around a scan is cut once, and only where it is', () => {
  assert.deepEqual(withoutFrame(scan('~SN-1!'), frame), scan('SN-1'));
  assert.deepEqual(withoutFrame(scan('~~SN-1!!'), frame), scan('~SN-1!'));
  assert.deepEqual(withoutFrame(scan('SN-1'), frame), scan('SN-1'));
  assert.deepEqual(withoutFrame(scan('~SN-1!'), undefined), scan('~SN-1!'));
  assert.deepEqual(withoutFrame(scan('~SN-1!'), { suffix: '!' }), scan('~SN-1'));
});

test('both readings of an ambiguous one lose it; a fixture’s number is none', () => {
  const ambiguous = { kind: 'ambiguous', number: 2, scan: 'SN-1!', text: '2SN-1!' } as const;
  assert.deepEqual(withoutFrame(ambiguous, frame), { ...ambiguous, scan: 'SN-1', text: '2SN-1' });
  const number = { kind: 'number', value: 2, entered: false } as const;
  assert.equal(withoutFrame(number, frame), number);
});

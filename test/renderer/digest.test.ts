import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { en } from '../../renderer/messages/en.ts';
import { ko } from '../../renderer/messages/ko.ts';
import { aloud, digestGroups } from '../../renderer/parts/digest.ts';

describe('a digest that two people compare', () => {
  test('marks the groups that differ and no others', () => {
    const groups = digestGroups('a3f0 19bc 77e2 d048', 'a3f0 4c1d 77e2 0b95');
    assert.deepEqual(
      groups.map(group => [group.digits, group.differs]),
      [
        ['a3f0', false],
        ['19bc', true],
        ['77e2', false],
        ['d048', true],
      ],
    );
  });

  test('marks nothing where there is nothing to compare with, and what is shorter differs', () => {
    assert.ok(digestGroups('a3f0 19bc', null).every(group => !group.differs));
    assert.deepEqual(
      digestGroups('a3f0 19bc', 'a3f0').map(group => group.differs),
      [false, true],
    );
  });

  test('is read with a word for each letter, in every language', () => {
    assert.equal(aloud('a3f0 19bc', en.compare.spelling), 'Alfa 3 Foxtrot 0, 1 9 Bravo Charlie');
    for (const { compare } of [en, ko]) {
      const read = aloud('abcd ef01', compare.spelling);
      assert.doesNotMatch(read, /\b[a-f]\b|undefined/);
      assert.equal(new Set(compare.spelling.split(' ')).size, 6);
    }
  });
});

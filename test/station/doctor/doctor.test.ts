import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noSmallDisk, onSmallDisk } from '../../small-disk.ts';

describe('examineStation', () => {
  it('O1 calls a disk bad that has no room for a record and its log', { skip: noSmallDisk() }, () => {
    const disk = onSmallDisk(`${import.meta.dirname}/doctor-small-disk-script.ts`, 8_192) as {
      found: string;
    };
    assert.partialDeepStrictEqual(disk, { state: 'bad', kind: 'ledger' });
    assert.match(disk.found, /^[1-8] MiB free$/);
  });
});

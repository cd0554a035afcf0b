import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideDuplicate, type KnownDevice } from '../../../src/station/attempt/decide-duplicate.ts';

const recorded = (changes: Partial<KnownDevice> = {}): KnownDevice => ({
  deviceId: 'device-1',
  serial: 'SN-1',
  product: 'gateway',
  ekSha256: 'aa',
  ...changes,
});

describe('decideDuplicate', () => {
  const candidate = { serial: 'SN-1', product: 'gateway', ekSha256: 'aa' };
  const table: readonly [
    string,
    typeof candidate | { serial: null; product: string; ekSha256: string },
    KnownDevice | undefined,
    KnownDevice | undefined,
    unknown,
  ][] = [
    ['nothing known: new', candidate, undefined, undefined, { kind: 'new' }],
    [
      'same EK, same serial: retest',
      candidate,
      recorded(),
      recorded(),
      { kind: 'retest', deviceId: 'device-1' },
    ],
    ['same EK, other serial: clone', candidate, recorded({ serial: 'SN-2' }), undefined, 'clone'],
    ['same serial, other EK', candidate, undefined, recorded({ ekSha256: 'bb' }), 'serial-has-other-key'],
    [
      'same EK and serial under another product',
      candidate,
      recorded({ product: 'sensor' }),
      undefined,
      'other-product',
    ],
    [
      'both known, of two devices: the EK speaks first',
      candidate,
      recorded({ serial: 'SN-2' }),
      recorded({ deviceId: 'device-2', ekSha256: 'bb' }),
      'clone',
    ],
    [
      'an import without a serial gets its serial',
      candidate,
      recorded({ serial: null }),
      undefined,
      { kind: 'names-serial', deviceId: 'device-1' },
    ],
    [
      '… but not one that another key has',
      candidate,
      recorded({ serial: null }),
      recorded({ deviceId: 'device-2', ekSha256: 'bb' }),
      'serial-has-other-key',
    ],
    [
      'an import without a serial of a known key',
      { serial: null, product: 'gateway', ekSha256: 'aa' },
      recorded(),
      undefined,
      { kind: 'retest', deviceId: 'device-1' },
    ],
  ];
  for (const [name, asked, byKey, bySerial, expected] of table)
    it(`H6 ${name}`, () => {
      const decision = decideDuplicate(asked, byKey, bySerial);
      if (typeof expected === 'string') {
        assert.equal(decision.kind, 'refused');
        assert.equal(decision.kind === 'refused' && decision.code, expected);
      } else assert.deepEqual(decision, expected);
    });
});

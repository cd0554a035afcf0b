import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import canonicalize from 'canonicalize';
import { scanEntry } from '../../src/audit/verify/scan-entry.ts';
import fc from '../property.ts';
import { logOf } from './log-fixture.ts';

const frame = {
  v: 1,
  origin: 'station-1/log-1',
  index: 7,
  at: '2026-11-20T12:00:00.000Z',
  bootId: 'b',
  monotonicMs: 1,
  clock: 'synced',
  personId: 'p',
  rehearsal: false,
  type: 'harvest',
};
const bytesOf = (value: unknown) => Buffer.from(canonicalize(value)!);

/** Judged by a library: parsed, and written again. */
function isCanonical(bytes: Buffer): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return canonicalize(JSON.parse(text)) === text;
  } catch {
    return false;
  }
}

const whole = fc.maxSafeInteger();
const names = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\ue000', '\u{10000}', '"', '\\', '\b', '\u001f', ''),
);
/**
 * Names of members. V8's JSON.parse (13.6) takes a short name that ends in an escape for another such name that it read
 * before, so that it cannot judge those: they have examples of their own.
 */
const keys = names.filter(name => !/["\\\u0000-\u001f]/.test(name) && name !== '__proto__');

const { value } = fc.letrec(tie => ({
  value: fc.oneof({ maxDepth: 4 }, names, whole, fc.boolean(), fc.constant(null), tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(keys, tie('value'), { maxKeys: 5, noNullPrototype: true }),
}));
const data = fc.dictionary(keys, value, { maxKeys: 6, noNullPrototype: true });

describe('scanEntry', () => {
  it('A1 reads what every entry says, and its data as JSON has it', () => {
    fc.assert(
      fc.property(data, fc.nat(), names, (content, index, origin) => {
        const facts = scanEntry(bytesOf({ ...frame, index, origin, data: content }));
        assert.ok(facts);
        assert.deepEqual(facts.data, JSON.parse(JSON.stringify(content)));
        assert.deepEqual(
          [facts.index, facts.origin, facts.at, facts.type],
          [index, origin, frame.at, 'harvest'],
        );
      }),
    );
    for (const { entry, idx } of logOf(20).rows) assert.equal(scanEntry(entry)?.index, idx);
  });

  it('A3 takes no second spelling: after any change of bytes, what it takes is canonical', () => {
    let taken = 0;
    fc.assert(
      fc.property(data, fc.nat(), fc.nat(3), fc.uint8Array({ maxLength: 3 }), (content, at, cut, put) => {
        const good = bytesOf({ ...frame, data: content });
        const place = at % good.length;
        const changed = Buffer.concat([good.subarray(0, place), put, good.subarray(place + cut)]);
        const facts = scanEntry(changed);
        const before = 1 + (at % 4);
        const amid = Buffer.concat([Buffer.alloc(before, '"'), changed, Buffer.from('"}}')]);
        assert.deepEqual(scanEntry(amid.subarray(before, before + changed.length))?.data, facts?.data);
        if (facts === undefined) return;
        taken += 1;
        assert.ok(isCanonical(changed), changed.toString());
        JSON.stringify(facts.data);
      }),
      { numRuns: 3000 },
    );
    assert.ok(taken > 50);
  });

  it('A3 refuses every other way to write the same', () => {
    const text = bytesOf({ ...frame, data: { a: 'x/y', b: [1, { c: null }], é: '\u0001' } }).toString();
    assert.ok(scanEntry(Buffer.from(text)));
    for (const [from, to] of [
      ['{"a"', '{ "a"'],
      ['x/y', 'x\\/y'],
      ['"x', '"\\u0078'],
      ['\\u0001', '\\u0001\\u000A'],
      ['\\u0001', '\\u0008'],
      ['\\u0001', '\u0001'],
      ['[1,', '[1.0,'],
      ['[1,', '[01,'],
      ['[1,', '[-0,'],
      ['[1,', '[1e2,'],
      ['[1,', '[9007199254740992,'],
      ['[1,', '[0.5,'],
      ['"b":[', '"a":['],
      ['"a":"x', '"z":"x'],
      ['"index":7', '"index":-7'],
      ['"index":7', '"index":"7"'],
      ['"v":1', '"v":2'],
      ['"rehearsal":false', '"rehearsal":0'],
      ['2026-11-20', '2026-02-30'],
      ['.000Z', 'Z'],
      ['"type":"harvest"', '"type":null'],
      ['"data":{', '"dat":{'],
      ['"v":1}', '"v":1} '],
      ['"v":1}', '"v":1'],
      ['null', 'nul'],
    ] as const) {
      assert.ok(text.includes(from), from);
      assert.equal(scanEntry(Buffer.from(text.replace(from, to))), undefined, `${from} as ${to}`);
    }
    for (const [first, second] of [
      ['"', '#'],
      ['\b', '\t'],
      ['\u001f', '"'],
      ['!', '"'],
      ['"', '"a'],
      ['', '"'],
      ['[', '\\'],
      ['a', 'é'],
      // The engine writes these two the other way round.
      ['10', '9'],
    ]) {
      const pair = (...two: readonly unknown[]) =>
        Buffer.from(
          text
            .replace('"a":"x/y"', two.map(name => `${JSON.stringify(name)}:1`).join(','))
            .replace(/,"b":.*?\],"é":"[^"]*"/, ''),
        );
      assert.ok(scanEntry(pair(first, second)), `${first} ${second}`);
      assert.equal(scanEntry(pair(second, first)), undefined, `${second} ${first}`);
      assert.equal(scanEntry(pair(first, first)), undefined, `${first} twice`);
    }
    const deep = `{"at":"${frame.at}","data":{"a":${'['.repeat(100_000)}`;
    assert.equal(scanEntry(Buffer.from(deep)), undefined);
    assert.equal(scanEntry(Buffer.from(text.replace('x/y', 'x\xff'), 'latin1')), undefined);
  });
});

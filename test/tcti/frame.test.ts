import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TctiError } from '../../src/tcti/errors.ts';
import { checkCommand, FrameReader } from '../../src/tcti/frame.ts';
import { mssimFraming } from '../../src/tcti/mssim-tcti.ts';
import { bareFraming, type Framing } from '../../src/tcti/stream-line.ts';
import fc from '../property.ts';

/** A whole frame of `size` bytes with a filling that differs from place to place. */
function frame(tag: number, size: number, seed = 0): Buffer {
  const bytes = Buffer.from(Array.from({ length: size }, (_, place) => (place * 31 + seed) & 0xff));
  bytes.writeUInt16BE(tag);
  bytes.writeUInt32BE(size, 2);
  return bytes;
}

function mssimWrapped(bytes: Buffer): Buffer {
  return Buffer.concat([word(bytes.length), bytes, word(0)]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

interface FramingCase {
  readonly name: string;
  readonly framing: () => Framing;
  /** What the other side sends for one response. */
  readonly sent: (response: Buffer) => Buffer;
  /** The first bytes that it sends, up to the size. */
  readonly upToSize: (size: number) => Buffer;
}

const framings: readonly FramingCase[] = [
  {
    name: 'bare',
    framing: bareFraming,
    sent: response => response,
    upToSize: size => Buffer.concat([Buffer.from([0x80, 0x01]), word(size)]),
  },
  { name: 'mssim', framing: mssimFraming, sent: mssimWrapped, upToSize: word },
];

const tag = fc.constantFrom(0x8001, 0x8002, 0x00c4);
const size = fc.oneof(
  fc.integer({ min: 10, max: 64 }),
  fc.integer({ min: 10, max: 4096 }),
  fc.constant(4096),
);
const response = fc.tuple(tag, size, fc.nat(255)).map(([t, s, seed]) => frame(t, s, seed));

/** Cuts bytes at the given places (fractions of the length), empty fragments included. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const offsets = places.map(place => Math.floor(place * bytes.length)).sort((a, b) => a - b);
  return [0, ...offsets].map((from, index) => bytes.subarray(from, offsets[index] ?? bytes.length));
}
const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });

function refused(action: () => unknown): void {
  assert.throws(action, error => error instanceof TctiError && error.code === 'frame-invalid');
}

for (const { name, framing, sent, upToSize } of framings) {
  test(`${name}: any split of responses into fragments gives the same responses`, () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(response, places), { minLength: 1, maxLength: 5 }), responses => {
        const reader = framing();
        for (const [bytes, cuts] of responses) {
          const given = cut(sent(bytes), cuts).map(fragment => reader.push(Buffer.from(fragment)));
          const whole = given.filter(result => result !== undefined);
          assert.deepEqual(
            whole.map(result => Buffer.from(result)),
            [bytes],
          );
        }
      }),
    );
  });

  test(`${name}: a response stays as it was when the next one comes`, () => {
    const reader = framing();
    const first = reader.push(sent(frame(0x8001, 40, 1)));
    reader.push(sent(frame(0x8001, 40, 2)));
    assert.deepEqual(Buffer.from(first!), frame(0x8001, 40, 1));
  });

  test(`${name}: bytes behind a response are refused`, () => {
    fc.assert(
      fc.property(response, fc.uint8Array({ minLength: 1, maxLength: 9000 }), (bytes, surplus) => {
        refused(() => framing().push(Buffer.concat([sent(bytes), surplus])));
      }),
    );
  });

  test(`${name}: random bytes are a response, or too few, or frame-invalid, never more than 4,096 bytes`, () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 9000 }),
      fc.tuple(response, fc.nat(), fc.nat(255)).map(spoiled),
    );
    fc.assert(
      fc.property(bytes, places, (input, cuts) => {
        const reader = framing();
        let taken = 0;
        try {
          for (const fragment of cut(Buffer.from(input), cuts)) {
            taken += fragment.length;
            const result = reader.push(fragment);
            assert.ok(result === undefined || (result.length >= 10 && result.length <= 4096));
            if (result !== undefined) return;
          }
          assert.ok(taken <= 4096 + 8, 'more than a response was taken without a word');
        } catch (error) {
          assert.ok(error instanceof TctiError && error.code === 'frame-invalid', String(error));
        }
      }),
    );
  });

  test(`${name}: sizes out of 10 to 4,096 are refused as soon as they are read`, () => {
    for (const wrong of [0, 9, 4097, 0x8000_0000, 0xffff_ffff]) {
      const reader = framing();
      const bytes = upToSize(wrong);
      assert.equal(reader.push(bytes.subarray(0, -1)), undefined);
      refused(() => reader.push(bytes.subarray(-1)));
    }
  });
}

function spoiled([bytes, place, value]: [Buffer, number, number]): Buffer {
  const copy = Buffer.from(bytes);
  copy[place % Math.min(copy.length, 10)] = value;
  return copy;
}

test('bare: a wrong tag is refused at its second byte, a wrong size at its last', () => {
  const reader = new FrameReader();
  assert.equal(reader.push(Buffer.from('H')), undefined);
  refused(() => reader.push(Buffer.from('T')));
  refused(() => new FrameReader().push(Buffer.from('800100001001', 'hex')));
});

test("bare: a TPM 1.2's answer is let through", () => {
  const answer = Buffer.from('00c40000000a0000001e', 'hex');
  assert.deepEqual(Buffer.from(new FrameReader().push(answer)!), answer);
});

test('mssim: a response must end with four zero bytes and be as long as its wrapping', () => {
  const sound = mssimWrapped(frame(0x8001, 20));
  const spoil = (place: number, value: number) => {
    const bytes = Buffer.from(sound);
    bytes[place] = value;
    return bytes;
  };
  refused(() => mssimFraming().push(spoil(sound.length - 1, 1)));
  refused(() => mssimFraming().push(spoil(9, 19)));
  refused(() => mssimFraming().push(spoil(9, 21)));
});

test('mssim: a command is wrapped as Microsoft’s simulator reads it', () => {
  const command = Buffer.from('80010000000c0000017b0008', 'hex');
  assert.equal(
    Buffer.from(mssimFraming().wrap(command)).toString('hex'),
    `00000008${'00'}0000000c${command.toString('hex')}`,
  );
});

test('a command that is not one whole frame is the caller’s mistake', () => {
  checkCommand(frame(0x8001, 10));
  checkCommand(frame(0x8002, 4096));
  const lying = frame(0x8001, 12);
  lying.writeUInt32BE(13, 2);
  for (const wrong of [
    Buffer.alloc(0),
    frame(0x8001, 4097),
    lying,
    frame(0x00c1, 10),
    frame(0x8001, 10).subarray(0, 9),
  ])
    assert.throws(() => checkCommand(wrong), RangeError);
});

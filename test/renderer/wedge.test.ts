import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { usCharacter } from '../../renderer/scan/us-layout.ts';
import {
  pause,
  press,
  restingWedge,
  type Stroke,
  scanGap,
  type WedgeEvent,
} from '../../renderer/scan/wedge.ts';
import fc from '../property.ts';
import { strokeOf } from './wedge-strokes.ts';

/** Plays strokes with these gaps (milliseconds before each), letting every deadline ring, and a last rest. */
function play(strokes: readonly Omit<Stroke, 'at'>[], gaps: readonly number[], highest = 4) {
  const events: WedgeEvent[] = [];
  const taken: boolean[] = [];
  let state = restingWedge;
  let at = 10_000;
  const rest = (until: number) => {
    if (state.deadline === undefined || until < state.deadline) return;
    const step = pause(state, highest);
    state = step.state;
    if (step.event) events.push(step.event);
  };
  for (const [index, stroke] of strokes.entries()) {
    at += gaps[index] ?? gaps.at(-1) ?? 5;
    rest(at);
    const step = press(state, { ...stroke, at }, highest);
    state = step.state;
    taken.push(step.taken);
    if (step.event) events.push(step.event);
  }
  rest(Number.POSITIVE_INFINITY);
  return { events, taken };
}

const enter = strokeOf('Enter');
const typed = (text: string) => [...text].map(character => strokeOf(character));
const printable = fc
  .string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map(c => String.fromCharCode(c)),
    minLength: 3,
    maxLength: 128,
  })
  .filter(text => !text.startsWith(' '));

describe('usCharacter', () => {
  test('gives back every printable ASCII character from the key that types it', () => {
    for (let point = 0x20; point < 0x7f; point++) {
      const character = String.fromCharCode(point);
      const { code, shift } = strokeOf(character);
      assert.equal(usCharacter(code, shift), character);
    }
  });
});

describe('press', () => {
  test('any text that a scanner types fast and ends with Enter or Tab is one scan, whole', () => {
    fc.assert(
      fc.property(
        printable,
        fc.array(fc.integer({ min: 0, max: scanGap }), { minLength: 1 }),
        fc.constantFrom('Enter', 'NumpadEnter', 'Tab'),
        (text, gaps, ending) => {
          const { events, taken } = play([...typed(text), strokeOf(ending)], gaps);
          assert.deepEqual(events, [{ kind: 'scan', text }]);
          assert.ok(taken.slice(1).every(Boolean), 'the page must not act on the rest of a scan');
        },
      ),
    );
  });

  test('a scan that stalls anywhere, for any time under two seconds, is never taken in part', () => {
    fc.assert(
      fc.property(printable, fc.nat(), fc.integer({ min: scanGap + 1, max: 499 }), (text, place, stall) => {
        const gaps = Array.from({ length: text.length + 1 }, () => 5);
        gaps[1 + (place % text.length)] = stall;
        const { events } = play([...typed(text), enter], gaps);
        assert.ok(
          events.every(event => event.kind !== 'scan'),
          JSON.stringify(events),
        );
        const last = events.at(-1);
        assert.ok(
          (last?.kind === 'typed' || last?.kind === 'ambiguous') && last.text === text,
          JSON.stringify(events),
        );
      }),
    );
  });

  test('a number with a whole burst close behind is both readings, whatever was scanned and however many fixtures', () => {
    fc.assert(
      fc.property(
        printable.filter(text => !/^\d/.test(text)),
        fc.integer({ min: 1, max: 32 }),
        fc.integer({ min: 1, max: 32 }),
        fc.integer({ min: 201, max: 499 }),
        fc.integer({ min: 0, max: scanGap }),
        (scan, number, highest, pick, pace) => {
          const strokes = [...typed(String(number)), ...typed(scan), enter];
          const gaps = [5, ...(number > 9 ? [140] : []), pick, pace];
          const text = `${number}${scan}`;
          const last = play(strokes, gaps, highest).events.at(-1);
          assert.deepEqual(
            last,
            number <= highest ? { kind: 'ambiguous', number, scan, text } : { kind: 'typed', text },
          );
        },
      ),
    );
  });

  test('a scan that stalls elsewhere, too shortly for a hand, or twice has one reading', () => {
    const serial = '2GX2-000054';
    const oneReading = [{ kind: 'typed', text: serial }];
    const after = (gaps: Record<number, number>) => {
      const all = Array.from({ length: serial.length + 1 }, (_, index) => gaps[index] ?? 5);
      return play([...typed(serial), enter], all).events.filter(event => event.kind !== 'number');
    };
    for (const gaps of [{ 3: 300 }, { 1: 180 }, { 1: 300, 6: 300 }, { 1: 300, 11: 300 }])
      assert.deepEqual(after(gaps), oneReading, JSON.stringify(gaps));
    assert.equal(after({ 1: 300 }).at(-1)?.kind, 'ambiguous');
  });

  test('a burst without an end is reported, not taken', () => {
    assert.deepEqual(play(typed('GX2-004311'), [5]).events, [{ kind: 'unterminated', text: 'GX2-004311' }]);
  });

  test('a second line end right after a scan is part of it; a later Enter is the technician’s', () => {
    const strokes = [...typed('SN123'), enter, enter, enter];
    const { taken } = play(strokes, [...Array(7).fill(5), 400]);
    assert.deepEqual(taken.slice(-3), [true, true, false]);
  });

  test('a digit by itself picks a fixture; within a scan it is a character', () => {
    assert.deepEqual(play(typed('3'), [5]).events, [{ kind: 'number', value: 3, entered: false }]);
    assert.deepEqual(play([...typed('333'), enter], [5]).events, [{ kind: 'scan', text: '333' }]);
    assert.deepEqual(play([...typed('2'), enter], [5, 120]).events, [
      { kind: 'number', value: 2, entered: true },
    ]);
  });

  test('two digits pick one fixture where there are that many', () => {
    assert.deepEqual(play(typed('12'), [5, 300], 32).events, [{ kind: 'number', value: 12, entered: false }]);
    assert.deepEqual(play(typed('4'), [5], 32).events.concat(play(typed('9'), [5], 4).events), [
      { kind: 'number', value: 4, entered: false },
    ]);
  });

  test('digit, then a scan by hand: the fixture is picked and the scan is whole', () => {
    assert.deepEqual(play([...typed('2'), ...typed('SN123'), enter], [5, 900, 5]).events, [
      { kind: 'number', value: 2, entered: false },
      { kind: 'scan', text: 'SN123' },
    ]);
  });

  test('GS1 separators are kept within a scan and in front of it, and dropped behind it', () => {
    const separator = { ...strokeOf(']'), shift: false, control: true };
    const scan = [separator, separator, ...typed('21ABC'), separator, ...typed('10L7'), separator, enter];
    assert.deepEqual(play(scan, [5]).events, [{ kind: 'scan', text: '\x1d21ABC\x1d10L7' }]);
  });

  test('the space bar on a button is no part of the scan after it', () => {
    const { events, taken } = play([...typed(' SN123'), enter], [5, 900, 5]);
    assert.deepEqual([events, taken[0]], [[{ kind: 'scan', text: 'SN123' }], false]);
  });

  test('shortcuts type nothing', () => {
    const held = { ...strokeOf('r'), control: true };
    assert.deepEqual(play([held, { ...strokeOf('f'), command: true }], [5]).taken, [false, false]);
  });

  test('no stream of keys breaks it or makes it hold more than a bound', () => {
    const stroke = fc.record({
      code: fc.oneof(
        fc.constantFrom('KeyA', 'Digit1', 'Enter', 'Tab', 'ShiftLeft', 'BracketRight', ''),
        fc.string(),
      ),
      shift: fc.boolean(),
      control: fc.boolean(),
      command: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(stroke, { maxLength: 900 }),
        fc.array(fc.integer({ min: -50, max: 3000 }), { minLength: 1 }),
        (strokes, gaps) => {
          for (const event of play(strokes, gaps).events)
            if ('text' in event) assert.ok(event.text.length <= 512);
        },
      ),
    );
  });
});

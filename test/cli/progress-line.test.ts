import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ProgressLine } from '../../src/cli/progress-line.ts';

function shown(columns?: number) {
  const written: string[] = [];
  let now = 5_000;
  const line = new ProgressLine({
    to: { write: (text: string) => written.push(text), ...(columns === undefined ? {} : { columns }) },
    done: 'enrolled',
    now: () => now,
  });
  return { written, line, pass: (ms: number) => (now += ms) };
}

describe('ProgressLine', () => {
  it('shows how much of how much, how fast, and how long yet', () => {
    const { written, line, pass } = shown();
    pass(2_000);
    line.show(250, 750);
    assert.deepEqual(written, [
      '\r\u001b[K[======                  ] 250 of 1000 enrolled, 7500 a minute, 6 s left',
    ]);
    line.end();
    assert.equal(written.at(-1), '\r\u001b[K');
  });

  it('writes a few times a second, and goes by the last ten seconds', () => {
    const { written, line, pass } = shown();
    for (let step = 0; step < 100; step++) {
      pass(10);
      line.show(step * 10, 10_000);
    }
    assert.equal(written.length, 5);
    for (let step = 0; step < 300; step++) {
      pass(100);
      line.show(1_000, 10_000);
    }
    assert.match(written.at(-1)!, /1000 of 11000 enrolled, 0 a minute$/);
  });

  it('never breaks a narrow line, and writes nothing where nothing was shown', () => {
    const { written, line, pass } = shown(40);
    line.end();
    assert.equal(written.length, 0);
    pass(1_000);
    line.show(250, 750);
    assert.equal(written[0]!.length, '\r\u001b[K'.length + 39);
  });
});

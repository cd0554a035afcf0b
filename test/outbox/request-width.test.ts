import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RequestWidth, widest } from '../../src/outbox/request-width.ts';

/** A service that works on so many requests at once, each for so long; what more is sent waits in line. */
function drive(width: RequestWidth, service: { ms: number; atOnce: number }, calls: number): void {
  for (let call = 0; call < calls; call++) {
    width.full();
    width.answered(service.ms * Math.max(1, width.current / service.atOnce));
  }
}

describe('RequestWidth', () => {
  it('O5 begins with two and takes the whole width where replies take their time but nothing stands in line', () => {
    const width = new RequestWidth();
    assert.equal(width.current, 2);
    drive(width, { ms: 80, atOnce: 100 }, 60);
    assert.equal(width.current, widest);
  });

  for (const atOnce of [1, 4, 8])
    it(`O5 finds a service that works on ${atOnce} at once, and does not pile up requests there`, () => {
      const width = new RequestWidth();
      drive(width, { ms: 50, atOnce }, 20_000);
      assert.ok(width.current >= atOnce && width.current <= atOnce + 8, `${width.current}`);
    });

  it('does not grow where there is nothing more to send', () => {
    const width = new RequestWidth();
    for (let call = 0; call < 100; call++) width.answered(80);
    assert.equal(width.current, 2);
  });

  it('halves at each fault down to one, and grows again', () => {
    const width = new RequestWidth();
    drive(width, { ms: 80, atOnce: 100 }, 60);
    width.failed();
    assert.equal(width.current, widest / 2);
    for (let fault = 0; fault < 6; fault++) width.failed();
    assert.equal(width.current, 1);
    drive(width, { ms: 80, atOnce: 100 }, 400);
    assert.equal(width.current, widest);
  });

  it('learns a way to DPS that became longer', () => {
    const width = new RequestWidth();
    drive(width, { ms: 20, atOnce: 100 }, 200);
    drive(width, { ms: 80, atOnce: 100 }, 6_000);
    assert.equal(width.current, widest);
  });

  it('takes replies of no time, and a clock that is set back, for replies of a millisecond', () => {
    const width = new RequestWidth();
    for (const ms of [0, 0, -3_600_000, 0]) {
      width.full();
      width.answered(ms);
    }
    assert.ok(width.current >= 2);
  });
});

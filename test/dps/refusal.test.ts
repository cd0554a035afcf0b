import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDetails, readRetryAfter, refusalError } from '../../src/dps/refusal.ts';
import fc from '../property.ts';

const now = Date.parse('2026-03-01T10:00:00Z');
const ofDps = (errorCode: number) => JSON.stringify({ errorCode, trackingId: 'tracking-1', message: 'said' });
const ofHub = JSON.stringify({
  Message: 'ErrorCode:ArgumentInvalid;BadRequest',
  ExceptionMessage: 'Tracking ID:0a1b-2c-G:0-TimeStamp:03/01/2026',
});

function refuse(status: number, body: string, headers: Record<string, string> = {}) {
  return refusalError({ status, body, headers }, now);
}

describe('refusalError', () => {
  const table: readonly (readonly [number, string, string])[] = [
    [400, ofDps(400004), 'rejected'],
    [400, ofHub, 'rejected'],
    [409, ofDps(409201), 'rejected'],
    [401, ofDps(401002), 'unauthorized'],
    [401, '', 'unauthorized'],
    [403, ofDps(403000), 'forbidden'],
    [404, ofDps(404201), 'not-found'],
    [408, '', 'timeout'],
    [429, ofDps(429001), 'throttled'],
    [500, ofDps(500000), 'server-error'],
    [503, '<html>', 'server-error'],
    [302, '', 'answer-malformed'],
    [405, ofDps(405000), 'answer-malformed'],
    [407, '<html>', 'answer-malformed'],
  ];
  for (const [status, body, code] of table) {
    it(`${status} with ${body.slice(0, 24) || 'no body'} is ${code}`, () => {
      assert.equal(refuse(status, body).code, code);
    });
  }

  it('O4 condemns no entry and believes no absence by the words of a proxy', () => {
    for (const body of ['', '<html>Bad Request</html>', 'null', '[]', '{"error":"blocked"}']) {
      assert.equal(refuse(400, body).code, 'answer-malformed');
      assert.equal(refuse(404, body).code, 'answer-malformed');
    }
  });

  it("keeps DPS's error code and tracking id, in both shapes", () => {
    const service = refuse(400, ofDps(400004));
    assert.deepEqual([service.status, service.errorCode, service.trackingId], [400, 400004, 'tracking-1']);
    const hub = refuse(400, ofHub);
    assert.deepEqual([hub.errorCode, hub.trackingId], [undefined, '0a1b-2c-G']);
    assert.equal(refuse(500, '', { 'x-ms-request-id': 'tracking-2' }).trackingId, 'tracking-2');
  });

  it('passes no control characters on', () => {
    const message = refuse(400, JSON.stringify({ errorCode: 400004, message: 'a\u001b[31m\r\nb' })).message;
    assert.doesNotMatch(message, /[\u0000-\u001f]/);
  });
});

describe('readRetryAfter', () => {
  it('O5 reads seconds, and a date by the clock of the server that wrote it', () => {
    assert.equal(readRetryAfter('7', undefined, now), 7_000);
    assert.equal(readRetryAfter('Sun, 01 Mar 2026 10:00:09 GMT', undefined, now), 9_000);
    const twoHoursOff = 'Sun, 01 Mar 2026 12:00:00 GMT';
    assert.equal(readRetryAfter('Sun, 01 Mar 2026 12:00:05 GMT', twoHoursOff, now), 5_000);
  });

  it('is bounded, and nothing where it is nonsense', () => {
    assert.equal(readRetryAfter('99999999999', undefined, now), 3_600_000);
    assert.equal(readRetryAfter('Sun, 01 Mar 2020 10:00:00 GMT', undefined, now), 0);
    for (const nonsense of [undefined, '', '-1x', 'soon']) {
      assert.equal(readRetryAfter(nonsense, undefined, now), undefined);
    }
  });
});

describe('readDetails', () => {
  it('never throws, whatever the body', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), body => void readDetails(body)));
  });
});

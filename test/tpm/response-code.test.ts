import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { classifyResponseCode } from '../../src/tpm/classify-response-code.ts';
import { decodeResponseCode, formatResponseCode, mayRetry } from '../../src/tpm/response-code.ts';

/** Codes that a station meets, as TPM 2.0 Part 2 (6.6) decodes them, and what an operator is told. */
const golden: readonly (readonly [number, string, string])[] = [
  [0x18b, '0x18B (HANDLE, handle 1)', 'nothing-there'],
  [0x185, '0x185 (HIERARCHY, handle 1)', 'hierarchy-disabled'],
  [0x120, '0x120 (DISABLED)', 'hierarchy-disabled'],
  [0x9a2, '0x9A2 (BAD_AUTH, session 1)', 'password-set'],
  [0x98e, '0x98E (AUTH_FAIL, session 1)', 'locked-out'],
  [0x921, '0x921 (LOCKOUT)', 'locked-out'],
  [0x12f, '0x12F (AUTH_UNAVAILABLE)', 'refused'],
  [0x99d, '0x99D (POLICY_FAIL, session 1)', 'refused'],
  [0x922, '0x922 (RETRY)', 'busy'],
  [0x908, '0x908 (YIELDED)', 'busy'],
  [0x909, '0x909 (CANCELED)', 'busy'],
  [0x90a, '0x90A (TESTING)', 'busy'],
  [0x920, '0x920 (NV_RATE)', 'busy'],
  [0x923, '0x923 (NV_UNAVAILABLE)', 'busy'],
  [0x902, '0x902 (OBJECT_MEMORY)', 'out-of-memory'],
  [0x903, '0x903 (SESSION_MEMORY)', 'out-of-memory'],
  [0x904, '0x904 (MEMORY)', 'out-of-memory'],
  [0x910, '0x910 (REFERENCE_H0)', 'refused'],
  [0x100, '0x100 (INITIALIZE)', 'not-started'],
  [0x101, '0x101 (FAILURE)', 'failure-mode'],
  [0x12d, '0x12D (UPGRADE)', 'upgrading'],
  [0x142, '0x142 (COMMAND_SIZE)', 'refused'],
  [0x143, '0x143 (COMMAND_CODE)', 'unsupported'],
  [0x146, '0x146 (NV_RANGE)', 'nv-refused'],
  [0x148, '0x148 (NV_LOCKED)', 'nv-refused'],
  [0x149, '0x149 (NV_AUTHORIZATION)', 'nv-refused'],
  [0x14a, '0x14A (NV_UNINITIALIZED)', 'nv-refused'],
  [0x1c4, '0x1C4 (VALUE, parameter 1)', 'refused'],
  [0x2c4, '0x2C4 (VALUE, parameter 2)', 'refused'],
  [0xfc4, '0xFC4 (VALUE, parameter 15)', 'refused'],
  [0x1d5, '0x1D5 (SIZE, parameter 1)', 'refused'],
  [0x1df, '0x1DF (INTEGRITY, parameter 1)', 'refused'],
  [0xbffff, '0xFFF (UNKNOWN, parameter 15, from software layer 11)', 'refused'],
  [0x0b018b, '0x18B (HANDLE, handle 1, from software layer 11)', 'nothing-there'],
  [0x7ff, '0x7FF (UNKNOWN, parameter 7)', 'refused'],
];

describe('decodeResponseCode', () => {
  for (const [code, text, classified] of golden) {
    test(`0x${code.toString(16)} is ${text}, ${classified}`, () => {
      const decoded = decodeResponseCode(code);
      assert.equal(formatResponseCode(decoded), text);
      assert.equal(classifyResponseCode(decoded), classified);
    });
  }

  test('tells warnings from errors', () => {
    assert.equal(decodeResponseCode(0x922).kind, 'warning');
    assert.equal(decodeResponseCode(0x100).kind, 'error');
    assert.equal(decodeResponseCode(0x98e).kind, 'error', 'bit 11 is part of a session number in format one');
  });
});

test('H1 only warnings that ask for it may be sent again, never a failed or locked password', () => {
  const retried = Array.from({ length: 0x1000 }, (_, code) => code).filter(code =>
    mayRetry(decodeResponseCode(code)),
  );
  assert.deepEqual(retried, [0x908, 0x909, 0x90a, 0x920, 0x922]);
});

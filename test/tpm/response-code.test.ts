import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { classifyResponseCode } from '../../src/tpm/classify-response-code.ts';
import {
  decodeResponseCode,
  formatResponseCode,
  mayRetry,
  responseCodeName,
} from '../../src/tpm/response-code.ts';

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
  [0xbffff, '0xFFF (UNKNOWN, parameter 15, from software layer 11 (resource manager, as a TPM))', 'refused'],
  [
    0x0b018b,
    '0x18B (HANDLE, handle 1, from software layer 11 (resource manager, as a TPM))',
    'nothing-there',
  ],
  [0x7ff, '0x7FF (UNKNOWN, parameter 7)', 'refused'],
  [0x01e, '0x01E (BAD_TAG)', 'refused'],
  [0x97f, '0x97F (NOT_USED)', 'refused'],
  [0x501, '0x501 (UNKNOWN, the maker’s own)', 'refused'],
  [0xd01, '0xD01 (UNKNOWN, the maker’s own)', 'refused'],
  [0x0a0005, '0x005 (UNKNOWN, from software layer 10 (TCTI))', 'refused'],
  [0x0a0921, '0x921 (UNKNOWN, from software layer 10 (TCTI))', 'refused'],
  [0xee0101, '0x101 (UNKNOWN, from software layer 238)', 'refused'],
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

/** TPM 2.0 Part 2 (version 1.84), clause 6.6.3: offsets as its table has them, in hex, by the base that they add to. */
const part2 = {
  256: `INITIALIZE 0 FAILURE 1 SEQUENCE 3 PRIVATE b HMAC 19 DISABLED 20 EXCLUSIVE 21 AUTH_TYPE 24 AUTH_MISSING 25 POLICY 26
    PCR 27 PCR_CHANGED 28 UPGRADE 2d TOO_MANY_CONTEXTS 2e AUTH_UNAVAILABLE 2f REBOOT 30 UNBALANCED 31 COMMAND_SIZE 42
    COMMAND_CODE 43 AUTHSIZE 44 AUTH_CONTEXT 45 NV_RANGE 46 NV_SIZE 47 NV_LOCKED 48 NV_AUTHORIZATION 49
    NV_UNINITIALIZED 4a NV_SPACE 4b NV_DEFINED 4c BAD_CONTEXT 50 CPHASH 51 PARENT 52 NEEDS_TEST 53 NO_RESULT 54
    SENSITIVE 55 READ_ONLY 56`,
  128: `ASYMMETRIC 1 ATTRIBUTES 2 HASH 3 VALUE 4 HIERARCHY 5 KEY_SIZE 7 MGF 8 MODE 9 TYPE a HANDLE b KDF c RANGE d
    AUTH_FAIL e NONCE f PP 10 SCHEME 12 SIZE 15 SYMMETRIC 16 TAG 17 SELECTOR 18 INSUFFICIENT 1a SIGNATURE 1b KEY 1c
    POLICY_FAIL 1d INTEGRITY 1f TICKET 20 RESERVED_BITS 21 BAD_AUTH 22 EXPIRED 23 POLICY_CC 24 BINDING 25 CURVE 26
    ECC_POINT 27 FW_LIMITED 28 SVN_LIMITED 29 CHANNEL 30 CHANNEL_KEY 31`,
  2304: `CONTEXT_GAP 1 OBJECT_MEMORY 2 SESSION_MEMORY 3 MEMORY 4 SESSION_HANDLES 5 OBJECT_HANDLES 6 LOCALITY 7 YIELDED 8
    CANCELED 9 TESTING a REFERENCE_H0 10 REFERENCE_H1 11 REFERENCE_H2 12 REFERENCE_H3 13 REFERENCE_H4 14 REFERENCE_H5 15
    REFERENCE_H6 16 REFERENCE_S0 18 REFERENCE_S1 19 REFERENCE_S2 1a REFERENCE_S3 1b REFERENCE_S4 1c REFERENCE_S5 1d
    REFERENCE_S6 1e NV_RATE 20 LOCKOUT 21 RETRY 22 NV_UNAVAILABLE 23 NOT_USED 7f`,
} as const;

test('every error and warning of Part 2 has its name, and no other code has one', () => {
  const named = new Map([[0x01e, 'TPM_RC_BAD_TAG']]);
  for (const [base, list] of Object.entries(part2)) {
    const words = list.split(/\s+/);
    for (let i = 0; i < words.length; i += 2)
      named.set(Number(base) + Number.parseInt(words[i + 1]!, 16), `TPM_RC_${words[i]}`);
  }
  assert.equal(named.size, 102);
  for (let code = 0; code < 0x1000; code++) {
    // Format one: whatever parameter, session or handle it is about, the low six bits name it.
    const expected = named.get(code & 0x80 ? code & 0xbf : code);
    assert.equal(responseCodeName(decodeResponseCode(code)), expected, `0x${code.toString(16)}`);
  }
});

test('H1 only warnings that ask for it may be sent again, never a failed or locked password', () => {
  const retried = Array.from({ length: 0x1000 }, (_, code) => code).filter(code =>
    mayRetry(decodeResponseCode(code)),
  );
  assert.deepEqual(retried, [0x908, 0x909, 0x90a, 0x920, 0x922]);
});

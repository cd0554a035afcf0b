/** What a response code means for a station: one of the closed set that an operator has words for. */
import type { TpmErrorCode } from './errors.ts';
import type { ResponseCode } from './response-code.ts';

const byName: Readonly<Record<string, TpmErrorCode>> = {
  INITIALIZE: 'not-started',
  FAILURE: 'failure-mode',
  AUTH_FAIL: 'locked-out',
  LOCKOUT: 'locked-out',
  YIELDED: 'busy',
  CANCELED: 'busy',
  TESTING: 'busy',
  RETRY: 'busy',
  NV_RATE: 'busy',
  NV_UNAVAILABLE: 'busy',
  OBJECT_MEMORY: 'out-of-memory',
  SESSION_MEMORY: 'out-of-memory',
  MEMORY: 'out-of-memory',
  SESSION_HANDLES: 'out-of-memory',
  OBJECT_HANDLES: 'out-of-memory',
  BAD_AUTH: 'password-set',
  HIERARCHY: 'hierarchy-disabled',
  DISABLED: 'hierarchy-disabled',
  UPGRADE: 'upgrading',
  HANDLE: 'nothing-there',
  NV_RANGE: 'nv-refused',
  NV_LOCKED: 'nv-refused',
  NV_AUTHORIZATION: 'nv-refused',
  NV_UNINITIALIZED: 'nv-refused',
  COMMAND_CODE: 'unsupported',
};

export function classifyResponseCode(code: ResponseCode): TpmErrorCode {
  return byName[code.name] ?? 'refused';
}

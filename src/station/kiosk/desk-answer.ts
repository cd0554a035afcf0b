/** How a desk at a window answers: what it expects to refuse is a value with a code; all else that is thrown is a fault. */
import type { AccessRefusalCode } from '../access/refusals.ts';
import { StationError, type StationErrorCode } from '../errors.ts';

/** Of acts that ask who does them. */
type WhoCode = AccessRefusalCode | 'sign-in-key-missing';
const whoCodes: readonly WhoCode[] = [
  'sign-in-needed',
  'sign-in-refused',
  'sign-in-locked',
  'role-missing',
  'pin-needed',
  'sign-in-key-missing',
];

export interface Refusal<Code extends StationErrorCode> {
  readonly ok: false;
  readonly code: Code | WhoCode;
}

/** @param own the desk's codes besides those of who asks */
export function answering<Code extends StationErrorCode>(...own: readonly Code[]) {
  const codes: ReadonlySet<string> = new Set<string>([...whoCodes, ...own]);
  return async <Done>(work: () => Promise<Done>): Promise<Done | Refusal<Code>> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StationError && codes.has(error.code))) throw error;
      return { ok: false, code: error.code as Code };
    }
  };
}

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

/**
 * The refusal that was thrown; what is none is thrown on. `detail`: in English, for whoever is called.
 * @param own the desk's codes besides those of who asks
 */
export function refusing<Code extends StationErrorCode>(...own: readonly Code[]) {
  const codes: ReadonlySet<string> = new Set<string>([...whoCodes, ...own]);
  return (error: unknown): Refusal<Code> & { readonly detail: string } => {
    if (!(error instanceof StationError && codes.has(error.code))) throw error;
    return { ok: false, code: error.code as Code | WhoCode, detail: error.message };
  };
}

/** As `refusing`, around the work, without the detail. */
export function answering<Code extends StationErrorCode>(...own: readonly Code[]) {
  const refusal = refusing(...own);
  return async <Done>(work: () => Promise<Done>): Promise<Done | Refusal<Code>> => {
    try {
      return await work();
    } catch (error) {
      const { ok, code } = refusal(error);
      return { ok, code };
    }
  };
}

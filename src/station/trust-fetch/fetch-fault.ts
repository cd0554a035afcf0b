/** Why an address gave nothing, as a report, `doctor` and a screen have it. */
import { fetchHints } from '../../trust-fetch/errors.ts';
import type { FetchRecord } from './fetch-record.ts';

export interface FetchFault {
  readonly kind: 'list' | 'issuer';
  readonly address: string;
  readonly namedBy: string;
  readonly code: string;
  readonly detail: string;
  readonly hint: string;
}

export function faultsOf({ addresses }: FetchRecord): FetchFault[] {
  return addresses.flatMap(({ kind, address, namedBy, fault }) =>
    fault ? [{ kind, address, namedBy, ...fault, hint: hintOfFault(fault.code) }] : [],
  );
}

const unfitHint =
  'What the server gives cannot be used. Ask the maker, or put the right file into the trust store by hand.';

function hintOfFault(code: string): string {
  return Object.hasOwn(fetchHints, code) ? fetchHints[code as keyof typeof fetchHints] : unfitHint;
}

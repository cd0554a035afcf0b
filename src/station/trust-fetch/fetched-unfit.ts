/** What was fetched is not what it has to be; nothing of it was taken. */
import type { ListRule } from '../../trust/revocation-rules.ts';

export type UnfitCode =
  | ListRule
  | 'list-malformed'
  | 'list-pem'
  | 'list-older'
  /** It was fetched, and holds no more or not yet. */
  | 'list-stale'
  | 'issuer-malformed'
  | 'issuer-not-ca'
  | 'issuer-self-signed'
  | 'issuer-signature'
  | 'issuer-unrooted';

export class FetchedUnfit extends Error {
  readonly code: UnfitCode;
  constructor(code: UnfitCode, message: string) {
    super(message);
    this.name = 'FetchedUnfit';
    this.code = code;
  }
}

/** What is asked for, as whoever judges its credentials needs to know it. */
import type { Right } from './access-policies.ts';

export interface AccessRequest {
  readonly authorization: string | undefined;
  /** The path of the request as it was sent, without the query. */
  readonly path: string;
  readonly right: Right;
  /** Names by which this instance is known, lower-case, with and without the port. */
  readonly hosts: readonly string[];
  /** Unix seconds. */
  readonly now: number;
}

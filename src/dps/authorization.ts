/** What a request carries to prove who sends it: a token of a shared access policy, or one of Microsoft Entra ID. */

export interface Authorization {
  /**
   * The `Authorization` header for a request at this time (epoch milliseconds, by DPS's clock as far as known). A promise
   * only where a token must be fetched, within `leftMs`. Throws DpsError.
   */
  header(now: number, leftMs: number, closing: AbortSignal): string | Promise<string>;
  /** DPS refused what `header` gave last. True where the next one will be another. */
  forget(): boolean;
}

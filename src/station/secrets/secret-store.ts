/** The one place for a station's secrets, whichever host runs it (rule S2); `open-secret-store.ts` says which kind it is. */

/** Every call may throw StationError `secret-store-locked`. */
export interface SecretStore {
  readonly kind: 'keyring' | 'files';
  /** In words for `doctor` and the docs. */
  readonly description: string;
  read(name: string): string | undefined;
  /**
   * Writes a secret that is not there yet, durable when it returns; where one came in between, that one stays and is
   * returned. Of several processes at a keyring one wins only inside a ledger transaction.
   */
  writeOnce(name: string, value: string): string;
  /** Writes it anew, whole or not at all. */
  replace(name: string, value: string): void;
  /** @returns false where there was none */
  remove(name: string): boolean;
  /** Names of secrets that others than the owner could read. */
  exposed(names: readonly string[]): readonly string[];
}

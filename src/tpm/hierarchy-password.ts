/**
 * The password of a TPM's hierarchy (an authValue, Part 1, 19.4). It is never sent: an HMAC session shows that it is
 * known. Kept here alone, out of reach of what is printed, logged or made JSON of; wiped when it was refused or is no
 * longer needed. The text that it was typed as is Node's until that is collected.
 */

/** As long as a hierarchy's authValue can be on any TPM (the largest digest there is, SHA-512). */
const MOST_PASSWORD_BYTES = 64;

export class HierarchyPassword {
  #authValue: Buffer | undefined;

  private constructor(authValue: Buffer) {
    this.#authValue = authValue;
  }

  /**
   * The bytes of the text in UTF-8, as entered, without zero bytes at their end (Part 1, 19.6). Undefined for a text
   * that is no password: nothing is left of it, it is too long, or it is no Unicode text.
   */
  static of(text: string): HierarchyPassword | undefined {
    if (!text.isWellFormed()) return undefined;
    const bytes = Buffer.from(text, 'utf8');
    let length = bytes.length;
    while (length > 0 && bytes[length - 1] === 0) length -= 1;
    if (length > 0 && length <= MOST_PASSWORD_BYTES) {
      const password = new HierarchyPassword(Buffer.from(bytes.subarray(0, length)));
      bytes.fill(0);
      return password;
    }
    bytes.fill(0);
    return undefined;
  }

  /** False once it was wiped: it is never used again. */
  get usable(): boolean {
    return this.#authValue !== undefined;
  }

  /** `sessionKey ‖ authValue` (Part 1, 19.6); the caller wipes it. Undefined once the password was wiped. */
  keyAfter(sessionKey: Uint8Array): Buffer | undefined {
    return this.#authValue && Buffer.concat([sessionKey, this.#authValue]);
  }

  wipe(): void {
    this.#authValue?.fill(0);
    this.#authValue = undefined;
  }
}

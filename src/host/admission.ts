/**
 * Who may talk to the browser host. A token from the address opens one session, once; the session is a cookie. Host and
 * Origin are checked as well, so that neither a rebound DNS name nor a foreign page in the same browser gets in (S3).
 * All of a request is untrusted.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Sessions at once; the oldest goes first. A kiosk needs one, a restart of its browser another. */
const sessionLimit = 8;
/** Tokens given out and not yet used. */
const tokenLimit = 8;

const secret = () => randomBytes(32).toString('base64url');
const digest = (text: string) => createHash('sha256').update(text).digest();

/** Secrets known by their digests only, compared without a hint by time. */
class SecretSet {
  readonly #digests: Buffer[] = [];
  readonly #limit: number;
  constructor(limit: number) {
    this.#limit = limit;
  }
  /** A new secret, 256 bits. */
  issue(): string {
    const text = secret();
    this.#digests.push(digest(text));
    if (this.#digests.length > this.#limit) this.#digests.shift();
    return text;
  }
  has(text: string): boolean {
    return this.#find(text) >= 0;
  }
  /** True once for each secret issued. */
  use(text: string): boolean {
    const at = this.#find(text);
    if (at >= 0) this.#digests.splice(at, 1);
    return at >= 0;
  }
  #find(text: string): number {
    const asked = digest(text);
    let found = -1;
    for (const [at, known] of this.#digests.entries()) if (timingSafeEqual(known, asked)) found = at;
    return found;
  }
}

/** What the checks say, as HTTP statuses: 421 another Host, 403 a used token or a foreign Origin, 401 no session. */
export type Refusal = 401 | 403 | 421;

export class Admission {
  readonly #authority: string;
  readonly #cookie: string;
  readonly #tokens = new SecretSet(tokenLimit);
  readonly #sessions = new SecretSet(sessionLimit);

  /** `authority`: the one `host:port` under which this host is called. */
  constructor(authority: string) {
    this.#authority = authority;
    // Cookies do not know ports: two stations on one machine need two names.
    this.#cookie = `keyline-${authority.replace(/\W/g, '-')}`;
  }

  /** For the address that opens a session: a token that works once. */
  issueToken(): string {
    return this.#tokens.issue();
  }

  /** Every request: is it called by its own name. */
  refuseHost(request: IncomingMessage): Refusal | undefined {
    return request.headers.host === this.#authority ? undefined : 421;
  }

  /** Takes a token and opens a session: the Set-Cookie header, or undefined for a token that is unknown or used. */
  openSession(token: string): string | undefined {
    if (!this.#tokens.use(token)) return undefined;
    return `${this.#cookie}=${this.#sessions.issue()}; Path=/; HttpOnly; SameSite=Strict`;
  }

  refuseRequest(request: IncomingMessage): Refusal | undefined {
    const cookies = (request.headers.cookie ?? '').split(';').map(cookie => cookie.trim());
    const mine = cookies.find(cookie => cookie.startsWith(`${this.#cookie}=`));
    return mine && this.#sessions.has(mine.slice(this.#cookie.length + 1)) ? undefined : 401;
  }

  /** A WebSocket is not held back by the same-origin rule: its Origin must be ours, too. */
  refuseUpgrade(request: IncomingMessage): Refusal | undefined {
    const ours = request.headers.origin === `http://${this.#authority}`;
    return ours && !this.refuseRequest(request) ? undefined : 403;
  }
}

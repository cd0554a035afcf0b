/**
 * Who is signed in at the windows of this process (rule S1). Kept in memory only: a sign-in ends with its lock, with the
 * next person's, and with the process. A window that loads again finds its sign-in by a random secret that it was given;
 * after so many minutes without a hand at the window the sign-in ends here, whatever the window does.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { SignedIn } from './authorize.ts';

/** At once; the oldest goes first. A kiosk needs one. */
const signInLimit = 16;

export interface WindowSignIn {
  readonly who: SignedIn;
  /** False from its lock on. */
  readonly lasts: boolean;
  /** Somebody is still there. */
  stay(): void;
  end(): void;
  /** Calls once when it ended, for whatever reason; returns the way out. */
  onEnd(listener: () => void): () => void;
}

export interface BegunSignIn {
  readonly signIn: WindowSignIn;
  /** 256 bits, base64url. Only its digest stays here. */
  readonly secret: string;
}

export class WindowSignIns {
  #lockMs: number;
  /** By the digest of the secret, oldest first. */
  readonly #lasting = new Map<string, WindowSignIn>();

  /** `lockMs`: milliseconds without a hand until a sign-in ends; 0: never. */
  constructor(lockMs: number) {
    this.#lockMs = lockMs;
  }

  /** For whoever is signed in, too: from their next sign of a hand on. */
  lockAfter(lockMs: number): void {
    this.#lockMs = lockMs;
    for (const signIn of this.#lasting.values()) signIn.stay();
  }

  begin(who: SignedIn): BegunSignIn {
    const secret = randomBytes(32).toString('base64url');
    const digest = digestOf(secret);
    const listeners = new Set<() => void>();
    let lasts = true;
    let timer: NodeJS.Timeout | undefined;
    const signIn: WindowSignIn = {
      who,
      get lasts() {
        return lasts;
      },
      stay: () => {
        clearTimeout(timer);
        if (lasts && this.#lockMs > 0) timer = setTimeout(signIn.end, this.#lockMs).unref();
      },
      end: () => {
        if (!lasts) return;
        lasts = false;
        clearTimeout(timer);
        this.#lasting.delete(digest);
        for (const listener of listeners) listener();
      },
      onEnd(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    this.#lasting.set(digest, signIn);
    if (this.#lasting.size > signInLimit) this.#lasting.values().next().value?.end();
    signIn.stay();
    return { signIn, secret };
  }

  /** Undefined for a secret that was never given, or whose sign-in has ended. Being found is no sign of a hand. */
  find(secret: string): WindowSignIn | undefined {
    return this.#lasting.get(digestOf(secret));
  }

  endAll(): void {
    for (const signIn of [...this.#lasting.values()]) signIn.end();
  }
}

const digestOf = (secret: string) => createHash('sha256').update(secret).digest('base64url');

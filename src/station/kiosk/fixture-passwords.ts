/**
 * Hierarchy passwords that supervisors gave at the kiosk, each for one fixture: in memory only, until the window where it
 * was given locks, somebody takes it back, a TPM refuses it, or the station closes. Then it is wiped.
 */
import type { GivenPassword } from '../attempt/hierarchy-password.ts';

interface Kept {
  readonly given: GivenPassword;
  /** Stops listening for the end of the sign-in. */
  readonly leave: () => void;
}

export class FixturePasswords {
  readonly #kept = new Map<string, Kept>();
  readonly #onChange: (fixture: string, isKept: boolean) => void;

  constructor(onChange: (fixture: string, isKept: boolean) => void) {
    this.#onChange = onChange;
  }

  /** In place of the one before. @param onEnd calls once when the sign-in at the window ends; gives the way out */
  keep(fixture: string, given: GivenPassword, onEnd: (listener: () => void) => () => void): void {
    this.forget(fixture);
    this.#kept.set(fixture, { given, leave: onEnd(() => this.forget(fixture)) });
    this.#onChange(fixture, true);
  }

  of(fixture: string): GivenPassword | undefined {
    return this.#kept.get(fixture)?.given;
  }

  forget(fixture: string): void {
    const kept = this.#kept.get(fixture);
    if (kept === undefined) return;
    this.#kept.delete(fixture);
    kept.leave();
    kept.given.password.wipe();
    this.#onChange(fixture, false);
  }

  forgetAll(): void {
    for (const fixture of [...this.#kept.keys()]) this.forget(fixture);
  }
}

/**
 * Calls that come many a second, made so often at most: the first one as soon as what runs now is done, those that come
 * within the time after it as one, when that is over.
 */
export class GatheredCall {
  readonly #act: () => void;
  readonly #everyMs: number;
  #turn: NodeJS.Immediate | undefined;
  #rest: NodeJS.Timeout | undefined;
  #isAsked = false;

  constructor(act: () => void, everyMs: number) {
    this.#act = act;
    this.#everyMs = everyMs;
  }

  ask(): void {
    if (this.#turn || this.#rest) {
      this.#isAsked = true;
      return;
    }
    this.#turn = setImmediate(() => this.#call());
  }

  /** What was asked for and not made yet never is. */
  close(): void {
    clearImmediate(this.#turn);
    clearTimeout(this.#rest);
  }

  #call(): void {
    this.#turn = undefined;
    this.#isAsked = false;
    this.#rest = setTimeout(() => {
      this.#rest = undefined;
      if (this.#isAsked) this.#call();
    }, this.#everyMs).unref();
    this.#act();
  }
}

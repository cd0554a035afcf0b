/** Every change of the station as the windows hear of it: in order, at once, to whoever listens then. */
import type { LiveEvent } from '../views.ts';

export class LiveEvents {
  readonly #listeners = new Set<(event: LiveEvent) => void>();

  /** Gives the way out. A listener never throws. */
  subscribe(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(event: LiveEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  close(): void {
    this.#listeners.clear();
  }
}

/** What the running station knows of its way to DPS, as the screens show it; told on when state or reason change. */
import type { DpsErrorCode } from '../dps/errors.ts';

export interface Connection {
  readonly state: 'online' | 'offline' | 'refused' | 'not-configured';
  readonly host?: string;
  /** Epoch milliseconds: since when it is in this state, and the last answer of DPS. */
  readonly since: number;
  readonly lastContact?: number;
  /** Why it is not online; absent before the first attempt. */
  readonly code?: DpsErrorCode;
}

export interface ConnectionRecordOptions {
  readonly now: () => number;
  readonly host: string | undefined;
  readonly onChange: ((connection: Connection) => void) | undefined;
}

export class ConnectionRecord {
  readonly #options: ConnectionRecordOptions;
  #current: Connection;

  constructor(options: ConnectionRecordOptions) {
    this.#options = options;
    const { host } = options;
    this.#current = { state: 'offline', since: options.now(), ...(host === undefined ? {} : { host }) };
  }

  get current(): Connection {
    return this.#current;
  }

  /** DPS answered, whatever it said. */
  contacted(): void {
    this.#current = { ...this.#current, lastContact: this.#options.now() };
  }

  become(state: Connection['state'], code?: DpsErrorCode): void {
    const { code: oldCode, ...kept } = this.#current;
    if (state === kept.state && code === oldCode) return;
    this.#current = { ...kept, state, since: this.#options.now(), ...(code === undefined ? {} : { code }) };
    this.#options.onChange?.(this.#current);
  }
}

/** What the stand-in is made of: objects that throw when they are asked for what is not here. */
import { EventEmitter } from 'node:events';

/** An object that throws when something is asked of it that is not here. */
export function strict<T extends object>(name: string, target: T): T {
  return new Proxy(target, {
    get(_target, key) {
      // Own private members need the object itself as `this`.
      const value: unknown = Reflect.get(target, key, target);
      if (value === undefined && typeof key === 'string' && !(key in target) && key !== 'then')
        throw new Error(`stand-in: no ${name}.${key}`);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** An emitter that knows which events it will ever emit. */
export class KnownEvents extends EventEmitter {
  readonly #known: readonly string[];
  constructor(known: readonly string[]) {
    super();
    this.#known = known;
  }
  override on(event: string, listener: (...args: never[]) => void): this {
    if (!this.#known.includes(event)) throw new Error(`stand-in: no event ${event}`);
    return super.on(event, listener as never);
  }
  /** Emits with an event that listeners may prevent; whether one did. */
  prevents(name: string, details: object = {}, ...more: unknown[]): boolean {
    let prevented = false;
    const preventDefault = () => {
      prevented = true;
    };
    this.emit(name, { ...details, preventDefault }, ...more);
    return prevented;
  }
}

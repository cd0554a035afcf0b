/**
 * Tells when this machine gains a network address (a cable, Wi-Fi, a VPN), so that an offline drain probes at once (rule
 * O5). Node has no event for it: the list of addresses is compared once a second, which takes 0.2 ms each time, and
 * only while somebody waits for it.
 */
import { networkInterfaces } from 'node:os';
import { systemTiming, type Timing } from '../../outbox/timing.ts';

const everyMs = 1_000;

export interface NetworkSource {
  readonly timing: Pick<Timing, 'sleep'>;
  /** Each address with the name of its interface. */
  readonly addresses: () => ReadonlySet<string>;
}

const thisMachine: NetworkSource = { timing: systemTiming, addresses: addressesOfThisMachine };

export class NetworkWatch {
  readonly #onGained: () => void;
  readonly #source: NetworkSource;
  #watching: AbortController | undefined;

  /** Watches nothing before it is told to. */
  constructor(onGained: () => void, source: NetworkSource = thisMachine) {
    this.#onGained = onGained;
    this.#source = source;
  }

  start(): void {
    if (this.#watching) return;
    this.#watching = new AbortController();
    void this.#watch(this.#watching.signal);
  }

  stop(): void {
    this.#watching?.abort();
    this.#watching = undefined;
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { timing, addresses } = this.#source;
    let before = addresses();
    for (;;) {
      await timing.sleep(everyMs, signal);
      if (signal.aborted) return;
      const now = addresses();
      if (!now.isSubsetOf(before)) this.#onGained();
      before = now;
    }
  }
}

function addressesOfThisMachine(): ReadonlySet<string> {
  const addresses = new Set<string>();
  for (const [name, list] of Object.entries(networkInterfaces()))
    for (const { address } of list ?? []) addresses.add(`${name} ${address}`);
  return addresses;
}

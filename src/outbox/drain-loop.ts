/**
 * The drain of a running station: idle until something is due, and then as fast as DPS takes it. Offline it sends one probe
 * per backoff step; a refused key opens the circuit, which is tried again rarely or when somebody asks. It never polls
 * while it is idle, and what it knows of the connection is what the screens show.
 */
import { DpsError } from '../dps/errors.ts';
import type { EnrollmentService } from '../dps/service.ts';
import { faultKind, waitAfter } from './backoff.ts';
import { type Connection, ConnectionRecord } from './connection.ts';
import { DrainDesk } from './drain-desk.ts';
import type { Pace } from './pace.ts';
import { probe } from './probe.ts';
import { drainRound } from './round.ts';
import type { OutboxStore } from './store.ts';
import type { DrainProgress } from './tally.ts';
import type { Timing } from './timing.ts';

export interface DrainLoopOptions {
  readonly store: OutboxStore;
  readonly timing: Timing;
  /** That of the service which `connect` makes. */
  readonly pace?: Pace;
  /** For the screens. */
  readonly host?: string;
  /**
   * Makes the service when it is first needed and after `reconnect`; undefined where DPS is not configured. The loop
   * closes it. A DpsError thrown here is shown as the reason.
   */
  readonly connect: () => Promise<EnrollmentService | undefined>;
  /** A change of state or reason; `connection` has the last contact as well. */
  readonly onConnection?: (connection: Connection) => void;
  readonly onProgress?: (progress: DrainProgress) => void;
  /** What the store threw: a fault of the ledger. The loop goes on after a pause. */
  readonly onStoreFault?: (error: unknown) => void;
}

const storeFaultPauseMs = 5_000;
/** What is on its way may still be answered when the station stops; then it is cut, and asked about at the next start. */
const graceMs = 3_000;
/** Faults in a row before a station that was online says that it is not. */
const faultsBelieved = 3;

export class DrainLoop {
  readonly #options: DrainLoopOptions;
  readonly #timing: Timing;
  readonly #stopping = new AbortController();
  readonly #connection: ConnectionRecord;
  #desk: DrainDesk | undefined;
  #service: EnrollmentService | undefined;
  #running: Promise<void> | undefined;
  /** Ends the current rest; undefined while working. */
  #rest: { readonly kind: 'idle' | 'waiting'; readonly end: AbortController } | undefined;
  /** Something was asked of the loop while it was working. */
  #poked = false;
  #probeAsked = false;
  #reconnectAsked = false;
  #mustProbe = true;
  /** In a row: since an entry got further, or a round passed. */
  #faults = 0;
  #headway = 0;

  constructor(options: DrainLoopOptions) {
    this.#options = options;
    this.#timing = options.timing;
    this.#connection = new ConnectionRecord({
      now: () => options.timing.now(),
      host: options.host,
      onChange: options.onConnection,
    });
  }

  get connection(): Connection {
    return this.#connection.current;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** There is something new in the outbox. Does not shorten a wait that DPS or a fault imposed. */
  poke(): void {
    this.#poked = true;
    if (this.#rest?.kind === 'idle') this.#rest.end.abort();
  }

  /**
   * The way to DPS may have changed (a network interface, a person's wish): probe now instead of at the next step, and
   * begin with the first step again.
   */
  probeNow(): void {
    this.#probeAsked = true;
    this.#rest?.end.abort();
  }

  /** The settings of DPS changed: make the service anew. */
  reconnect(): void {
    this.#reconnectAsked = true;
    this.probeNow();
  }

  /** Ends after what is on its way was answered or cut. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#rest?.end.abort();
    const ended = new AbortController();
    const run = (this.#running ?? Promise.resolve()).finally(() => ended.abort());
    await this.#timing.sleep(graceMs, ended.signal);
    this.#service?.close();
    await run;
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#step();
      } catch (error) {
        this.#options.onStoreFault?.(error);
        await this.#restFor('waiting', storeFaultPauseMs);
      }
    }
  }

  async #step(): Promise<void> {
    const desk = await this.#connected();
    if (!desk) return this.#restFor('waiting', Number.POSITIVE_INFINITY);
    if (this.#probeAsked) {
      this.#probeAsked = false;
      this.#mustProbe = true;
      this.#faults = 0;
    }
    const probing = this.#mustProbe;
    // A key may be allowed to read and not to write: after a refusal only a round tells.
    const halfOpen = this.#connection.current.state === 'refused';
    this.#poked = false;
    const probed = probing ? await probe(desk.service) : undefined;
    const sends = probed === undefined && (!probing || halfOpen);
    const fault = sends ? await drainRound(desk, this.#stopping.signal) : probed;
    if (fault) return this.#afterFault(fault);
    if (sends) this.#faults = 0;
    this.#mustProbe = false;
    if (probing) {
      this.#connection.contacted();
      this.#connection.become('online');
      if (!sends) return;
    }
    const due = this.#options.store.nextDue();
    const wait = due === undefined ? Number.POSITIVE_INFINITY : Math.max(due - this.#timing.now(), 1);
    await this.#restFor('idle', wait);
  }

  /** Undefined: not configured, or not so that a service could be made of it. */
  async #connected(): Promise<DrainDesk | undefined> {
    if (this.#reconnectAsked) {
      this.#reconnectAsked = false;
      this.#service?.close();
      this.#service = undefined;
      this.#desk = undefined;
    }
    if (this.#desk) return this.#desk;
    this.#mustProbe = true;
    this.#faults = 0;
    this.#probeAsked = false;
    try {
      this.#service = await this.#options.connect();
    } catch (error) {
      if (!(error instanceof DpsError)) throw error;
      this.#connection.become('refused', error.code);
      return undefined;
    }
    if (!this.#service) {
      this.#connection.become('not-configured');
      return undefined;
    }
    const { store, timing, pace } = this.#options;
    this.#desk = new DrainDesk({
      store,
      timing,
      service: this.#service,
      ...(pace === undefined ? {} : { pace }),
      onProgress: progress => this.#progressed(progress),
    });
    this.#headway = 0;
    return this.#desk;
  }

  /** A round may last for hours: what it finds out is told as it goes. */
  #progressed(progress: DrainProgress): void {
    const { headway } = this.#desk!.tally;
    if (headway > this.#headway) {
      this.#headway = headway;
      this.#faults = 0;
      this.#connection.contacted();
      if (this.#connection.current.state === 'refused') this.#connection.become('online');
    }
    this.#options.onProgress?.(progress);
  }

  async #afterFault(fault: DpsError): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    this.#faults++;
    if (fault.status !== undefined) this.#connection.contacted();
    const kind = faultKind(fault);
    const down = this.#mustProbe || kind === 'unreachable' || this.#faults >= faultsBelieved;
    if (kind === 'refused') this.#connection.become('refused', fault.code);
    else if (fault.code === 'throttled') this.#connection.become('online');
    else if (down) this.#connection.become('offline', fault.code);
    this.#mustProbe = this.#connection.current.state !== 'online';
    await this.#restFor('waiting', waitAfter(fault, this.#faults, this.#timing.random));
  }

  async #restFor(kind: 'idle' | 'waiting', ms: number): Promise<void> {
    const asked = this.#probeAsked || this.#reconnectAsked || (kind === 'idle' && this.#poked);
    if (asked || this.#stopping.signal.aborted) return;
    const end = new AbortController();
    this.#rest = { kind, end };
    await this.#timing.sleep(ms, end.signal);
    this.#rest = undefined;
  }
}

/**
 * The drain of the kiosk and what the windows see of it: the connection, what waits, and how it went over the last hour. Another DPS in the configuration gets a drain of its own, once the one before has settled.
 */
import type { BackgroundDrain } from '../drain/background-drain.ts';
import type { DpsReach } from '../drain/drain-forecast.ts';
import { drainPauseOf } from '../drain/pause-drain.ts';
import { standByDrain } from '../drain/stand-by-drain.ts';
import type { StationCore } from '../open-core.ts';
import type { ConnectionView, OutboxView, StationView } from '../views.ts';
import type { DrainAtKiosk } from './drain-control.ts';
import type { LiveEvents } from './live-events.ts';
import type { StationNotices } from './station-notices.ts';
import { WaitingHistory, type WaitingPoint } from './waiting-history.ts';

/** The time of the last contact is told so often at most. */
const CONTACT_TOLD_MS = 1_000;

export class KioskDrain implements Omit<DrainAtKiosk, 'changed'> {
  readonly #core: StationCore;
  readonly #events: LiveEvents;
  readonly #notices: StationNotices;
  readonly #history = new WaitingHistory();
  #drain: BackgroundDrain;
  /** Settles when the drain that is meant by the settings is there. */
  #ready: Promise<void> = Promise.resolve();
  #connection: ConnectionView;
  #closing = false;

  constructor(core: StationCore, events: LiveEvents, notices: StationNotices) {
    this.#core = core;
    this.#events = events;
    this.#notices = notices;
    this.#drain = this.#begin();
    this.#connection = this.#drain.connection;
    this.#noteWaiting();
  }

  view(): Pick<StationView, 'outbox' | 'connection'> {
    return { outbox: this.#outbox(), connection: this.#connection };
  }

  reach(): DpsReach {
    const { state, code } = this.#connection;
    if (code === 'drain-elsewhere') return 'elsewhere';
    return state === 'online' ? 'online' : 'out-of-reach';
  }

  history(now: WaitingPoint): readonly WaitingPoint[] {
    return this.#history.until(now);
  }

  tryNow(): void {
    this.#drain.probeNow();
  }

  /** Something was written to the ledger. */
  look(): void {
    this.#drain.poke();
    this.#noteWaiting();
    this.#events.tell({ kind: 'outbox', outbox: this.#outbox() });
  }

  /** With the settings of now. What is on its way is still answered. */
  drainAnew(): void {
    this.#ready = this.#ready.then(async () => {
      if (this.#closing) return;
      await this.#drain.stop();
      this.#drain = this.#begin();
      this.#setConnection(this.#drain.connection);
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#ready;
    await this.#drain.stop();
  }

  #begin(): BackgroundDrain {
    return standByDrain(this.#core, {
      onConnection: connection => this.#setConnection(connection),
      onProgress: () => this.#drained(),
      onFault: error => this.#notices.failed(error),
    });
  }

  #noteWaiting(): void {
    const { queued, sending } = this.#core.ledger.counts.outbox();
    this.#history.note(this.#core.clock.read().at, queued + sending);
  }

  /** Settlements come many a second; the watched ledger tells of the counts often enough. */
  #drained(): void {
    const { connection } = this.#drain;
    const before = this.#connection.lastContact ?? 0;
    if ((connection.lastContact ?? 0) - before >= CONTACT_TOLD_MS) this.#setConnection(connection);
    // Of each answer: it may be the last one for long.
    else this.#notices.lookAtClock();
  }

  #setConnection(connection: ConnectionView): void {
    this.#connection = connection;
    this.#events.tell({ kind: 'connection', connection });
    this.#notices.lookAtClock();
  }

  #outbox(): OutboxView {
    const oldestAt = this.#core.ledger.outbox.oldestWaiting();
    const counts = this.#core.ledger.counts.outbox();
    const paused = drainPauseOf(this.#core);
    return {
      ...counts,
      ...(oldestAt === undefined ? {} : { oldestAt }),
      ...(paused && { paused }),
    };
  }
}

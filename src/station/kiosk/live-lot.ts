/** What the station works on now: its work order, and how the shift goes, told to every window as both move on. */
import type { StationCore } from '../open-core.ts';
import type { StationView } from '../views.ts';
import { currentWorkOrder } from '../work-orders.ts';
import type { LiveEvents } from './live-events.ts';
import { Today } from './today.ts';

export class LiveLot {
  readonly #core: StationCore;
  readonly #events: LiveEvents;
  readonly #today: Today;
  #workOrderTold: string;

  constructor(core: StationCore, events: LiveEvents) {
    this.#core = core;
    this.#events = events;
    this.#today = new Today(core.ledger, {
      shifts: () => core.configuration.station.shifts,
      onMore: () => this.tellToday(),
    });
    this.#workOrderTold = JSON.stringify(currentWorkOrder(core) ?? null);
  }

  view(): Pick<StationView, 'today' | 'workOrder'> {
    const workOrder = currentWorkOrder(this.#core);
    return { today: this.#todayNow(), ...(workOrder && { workOrder }) };
  }

  tellToday(): void {
    this.#events.tell({ kind: 'today', today: this.#todayNow() });
  }

  /** Where it is another one, or its counts moved. */
  tellWorkOrder(): void {
    const workOrder = currentWorkOrder(this.#core) ?? null;
    const text = JSON.stringify(workOrder);
    if (text === this.#workOrderTold) return;
    this.#workOrderTold = text;
    this.#events.tell({ kind: 'work-order', workOrder });
  }

  close(): void {
    this.#today.close();
  }

  #todayNow() {
    return this.#today.view(this.#core.clock.read().at);
  }
}

/** Devices as a screen works with them: searched over the whole ledger off this thread, and one with its whole history. */

import { DeviceSearcher } from '../device-search/device-searcher.ts';
import { type OpenDeviceAct, openDeviceActs } from '../devices/device-acts.ts';
import { type DeviceHistory, deviceHistories } from '../devices/device-history.ts';
import type { DeviceListPage, DeviceListStart, DeviceQuestion } from '../devices/find-devices.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';

export type { DeviceFacts, DeviceHistory, PastAttempt } from '../devices/device-history.ts';
export type { DeviceListPage, DevicePlace, DeviceQuestion, FoundDevice } from '../devices/find-devices.ts';

export type ShowDeviceAnswer =
  /** `acts`: what can be done to it. */
  | { readonly ok: true; readonly device: DeviceHistory; readonly acts: readonly OpenDeviceAct[] }
  | { readonly ok: false; readonly code: 'device-unknown' };

export interface DeviceDesk {
  /** One page; rejects with the signal's reason where it is given up. */
  find(
    input: DeviceQuestion & DeviceListStart,
    signal?: AbortSignal,
  ): DeviceListPage | Promise<DeviceListPage>;
  /** By device id. */
  show(input: { readonly id: string }): ShowDeviceAnswer | Promise<ShowDeviceAnswer>;
}

/** The indexes of the search are looked at so long after the start, which is busy enough. */
const FIRST_FILL_AFTER_MS = 5_000;

export class StationDevices implements DeviceDesk {
  readonly #core: StationCore;
  readonly #searcher: DeviceSearcher;
  readonly #firstFill: NodeJS.Timeout;

  constructor(core: StationCore) {
    this.#core = core;
    this.#searcher = new DeviceSearcher(core.directory.ledgerFile);
    this.#firstFill = setTimeout(() => this.#searcher.start(), FIRST_FILL_AFTER_MS).unref();
  }

  find(
    { limit, after, ...question }: DeviceQuestion & DeviceListStart,
    signal?: AbortSignal,
  ): Promise<DeviceListPage> {
    return this.#searcher.find(question, { limit, after }, signal);
  }

  show({ id }: { readonly id: string }): ShowDeviceAnswer {
    try {
      const device = deviceHistories(this.#core, id).find(({ deviceId }) => deviceId === id);
      return device
        ? { ok: true, device, acts: openDeviceActs(this.#core, id) }
        : { ok: false, code: 'device-unknown' };
    } catch (error) {
      if (error instanceof StationError && error.code === 'device-unknown')
        return { ok: false, code: 'device-unknown' };
      throw error;
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#firstFill);
    await this.#searcher.close();
  }
}

/**
 * The thread that searches devices, with its own connection to the ledger, and fills the indexes of the search meanwhile.
 * Questions are answered in the order in which they come, each in some milliseconds; while there are none, slices of
 * new devices are taken in, with pauses so that whoever records finds the ledger free.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { openLedger } from '../../../db/ledger-file.ts';
import {
  type DeviceListPage,
  type DeviceListStart,
  type DeviceQuestion,
  devicePage,
} from '../devices/find-devices.ts';
import { fillSlice } from './fill-index.ts';

export interface SearchThreadData {
  readonly ledgerFile: string;
  /** Milliseconds between two looks for new devices. */
  readonly fillEveryMs: number;
}

export interface SearchRequest {
  readonly id: number;
  readonly question: DeviceQuestion;
  readonly start: DeviceListStart;
}

export type SearchReply =
  | { readonly id: number; readonly page: DeviceListPage }
  | { readonly id: number; readonly fault: unknown };

/** A slice is followed by a pause of so many times its length, and never a shorter one than this. */
const REST = 4;
const LEAST_PAUSE_MS = 10;

const { ledgerFile, fillEveryMs } = workerData as SearchThreadData;
const ledger = openLedger(ledgerFile);

function fill(): void {
  const begun = performance.now();
  const more = fillSlice(ledger);
  const pause = more ? Math.max(LEAST_PAUSE_MS, REST * (performance.now() - begun)) : fillEveryMs;
  setTimeout(fill, pause).unref();
}

parentPort!.on('message', ({ id, question, start }: SearchRequest) => {
  let reply: SearchReply;
  try {
    reply = { id, page: devicePage(ledger, question, start) };
  } catch (fault) {
    reply = { id, fault };
  }
  parentPort!.postMessage(reply);
});
fill();

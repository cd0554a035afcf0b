/** What a reconciliation counted so far. */
import { type Finding, type FindingKind, findingKinds } from './findings.ts';

export interface ReconciliationCounts {
  /** Enrollments that DPS showed, without repeats. */
  enrollments: number;
  pages: number;
  /** Devices in service that the ledger was asked about after the last page. */
  devices: number;
  /** Of the enrollments: those that need nothing, and those that nothing is said of. */
  agree: number;
  underWay: number;
  waitForPerson: number;
  otherDps: number;
  otherStations: number;
  /** Without a registration id. */
  unreadable: number;
  /** Single enrollments that DPS was asked about again. */
  asked: number;
}

/** More names than any plant has stations: the names come from DPS, and memory stays flat. */
const stationsNamed = 100;
const longestStationId = 64;

export class ReconciliationTally {
  readonly counts: ReconciliationCounts = {
    enrollments: 0,
    pages: 0,
    devices: 0,
    agree: 0,
    underWay: 0,
    waitForPerson: 0,
    otherDps: 0,
    otherStations: 0,
    unreadable: 0,
    asked: 0,
  };
  readonly #found = new Map<FindingKind, number>();
  readonly #stations = new Map<string, number>();

  found({ kind }: Finding): void {
    this.#found.set(kind, (this.#found.get(kind) ?? 0) + 1);
  }

  ofStation(stationId: string): void {
    this.counts.otherStations += 1;
    const name = stationId.slice(0, longestStationId);
    if (!this.#stations.has(name) && this.#stations.size >= stationsNamed) return;
    this.#stations.set(name, (this.#stations.get(name) ?? 0) + 1);
  }

  /** Kinds without any are left out. */
  get findings(): Partial<Record<FindingKind, number>> {
    return Object.fromEntries(
      findingKinds.flatMap(kind => {
        const count = this.#found.get(kind);
        return count === undefined ? [] : [[kind, count]];
      }),
    );
  }

  /** Enrollments by the station that they name; untrusted text. */
  get stations(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#stations);
  }
}

/** Which entries an export shows; the others stand in it as their leaf hashes, so that the root still comes out. */
export interface Selection {
  /** What the entry itself says: the verdict of an attempt, or the change of an enrollment. */
  readonly state?: string | undefined;
  readonly workOrder?: string | undefined;
  /** Epoch milliseconds; entries of exactly this time are shown. */
  readonly since?: number | undefined;
  /** Epoch milliseconds; entries of exactly this time are not. */
  readonly until?: number | undefined;
}

/** The selection as an export's head states it. */
export interface StatedSelection {
  readonly state?: string;
  readonly workOrder?: string;
  /** RFC 3339 in UTC with milliseconds, like the entries' own times: they compare as text. */
  readonly since?: string;
  readonly until?: string;
}

export function stateSelection({ state, workOrder, since, until }: Selection): StatedSelection {
  return {
    ...(state === undefined ? {} : { state }),
    ...(workOrder === undefined ? {} : { workOrder }),
    ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
    ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
  };
}

export function isWholeLog(selection: StatedSelection): boolean {
  return Object.keys(selection).length === 0;
}

export function isSelected(selection: StatedSelection, entry: ReadEntry): boolean {
  const { state, workOrder, since, until } = selection;
  return (
    (state === undefined || entry.data.verdict === state || entry.data.change === state) &&
    (workOrder === undefined || entry.data.workOrder === workOrder) &&
    (since === undefined || entry.at >= since) &&
    (until === undefined || entry.at < until)
  );
}

/** A stored entry after JSON.parse, as far as an export looks into it. It was made by `makeEntry`. */
export interface ReadEntry {
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

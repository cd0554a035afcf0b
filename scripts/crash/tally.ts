/** What a run of the harness has done so far, over all lives. */

export class Tally {
  rounds = 0;
  lives = 0;
  devices = 0;
  enrollments = 0;
  requests = 0;
  emulatorKills = 0;
  powerCuts = 0;
  readonly kills = { atPoint: 0, fromOutside: 0 };
  /** Times that each fault struck, by kind. */
  readonly faults = new Map<string, number>();
  /** Kinds of points at which processes were killed. */
  readonly killedAfter = new Map<string, number>();
  /** Points tried one by one, by sweep. */
  readonly sweeps = new Map<string, { tried: number; of: number }>();
  /** Points that each command passed in a whole life of it: where to aim. */
  readonly #pointsOf = new Map<string, number>();
  readonly #tookMs = new Map<string, number>();
  readonly #enrolledInSecond = new Map<number, number>();

  kill(point: string | undefined): void {
    if (point === undefined) {
      this.kills.fromOutside += 1;
      return;
    }
    this.kills.atPoint += 1;
    this.killedAfter.set(point, (this.killedAfter.get(point) ?? 0) + 1);
  }

  addFaults(struck: ReadonlyMap<string, number>): void {
    for (const [kind, times] of struck) this.faults.set(kind, (this.faults.get(kind) ?? 0) + times);
  }

  /** From a process that ended by itself. */
  learn(command: string, { points, tookMs }: { readonly points: number; readonly tookMs: number }): void {
    this.#pointsOf.set(command, Math.max(points, this.#pointsOf.get(command) ?? 0));
    this.#tookMs.set(command, (this.tookMs(command) + tookMs) / 2);
  }

  /** The most points that the command passed so far. */
  pointsOf(command: string): number {
    return this.#pointsOf.get(command) ?? 60;
  }

  /** How long the command took of late, on this machine with what else it does. */
  tookMs(command: string): number {
    return this.#tookMs.get(command) ?? 800;
  }

  enrolledAt(times: Iterable<number>): void {
    for (const at of times) {
      const second = Math.floor(at / 1000);
      this.#enrolledInSecond.set(second, (this.#enrolledInSecond.get(second) ?? 0) + 1);
    }
  }

  /** Most enrollments acknowledged within one second. */
  get peakRate(): number {
    return Math.max(0, ...this.#enrolledInSecond.values());
  }
}

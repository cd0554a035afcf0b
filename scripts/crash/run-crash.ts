/**
 * Lives until the time is up or one disagrees: one lane sweeps through every point first, the others live at random from the
 * start. A life that was begun is ended: the time is the least that a run takes, and a few seconds more.
 */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Disagreement, Life, type LifeSetting } from './life.ts';
import { randomLife } from './rounds.ts';
import { killAt, measure, type Sweep, strided, sweeps } from './sweeps.ts';
import { Tally } from './tally.ts';

export interface CrashOrder {
  readonly seed: number;
  readonly milliseconds: number;
  /** It goes on until so many processes were killed; without any nothing is proved. */
  readonly leastKills: number;
  readonly sabotage?: string | undefined;
  /** The library that records writes, for a power cut after every round. */
  readonly recorder?: string | undefined;
  /** Only this random life. */
  readonly life?: number | undefined;
  /** Lives leave what they disagreed over here. */
  readonly folder: string;
  /** Where Node keeps what it compiled, so that processes start quickly. */
  readonly compileCache: string;
}

export interface Broken {
  /** What is not as it must be, a line each. */
  readonly what: string;
  readonly life: string;
  readonly history: readonly string[];
  /** The station's directory and that of its DPS, as they were left. */
  readonly folder: string;
}

export interface CrashReport {
  readonly tally: Tally;
  readonly tookMs: number;
  readonly broken: readonly Broken[];
}

const roundsOfLife = { least: 5, spread: 10 };
/** Then another sweep takes its turn. */
const pointsOfTurn = { fresh: 6, onward: 15 };

export async function runCrash(order: CrashOrder): Promise<CrashReport> {
  const begun = performance.now();
  const run = new Run(order, begun + order.milliseconds);
  // They mostly wait for one another: three also on two cores.
  const lanes = [() => run.sweep(), () => run.live(), () => run.live()];
  if (order.life === undefined) await Promise.all(lanes.map(lane => lane()));
  else await run.oneLife(order.life);
  return { tally: run.tally, tookMs: performance.now() - begun, broken: run.broken };
}

class Run {
  readonly tally = new Tally();
  readonly broken: Broken[] = [];
  readonly #order: CrashOrder;
  readonly #endsAt: number;
  #lives = 0;

  constructor(order: CrashOrder, endsAt: number) {
    this.#order = order;
    this.#endsAt = endsAt;
    rmSync(order.folder, { recursive: true, force: true });
    mkdirSync(order.folder, { recursive: true });
  }

  get #isOver(): boolean {
    const { atPoint, fromOutside } = this.tally.kills;
    const isEnough = atPoint + fromOutside >= this.#order.leastKills;
    return (isEnough && performance.now() >= this.#endsAt) || this.broken.length > 0;
  }

  /** Every sweep takes its turn with some points, until all are through; then at random as well. */
  async sweep(): Promise<void> {
    const courses = sweeps.map(sweep => new Course(sweep));
    for (let turn = 0; courses.some(course => course.isLeft); turn += 1) {
      for (const course of courses.filter(each => each.isLeft)) {
        if (this.#isOver) return;
        await this.#lived(`sweep-${course.sweep.name.replaceAll(' ', '-')}-${turn}`, begin =>
          course.goOn(begin, this.tally, () => this.#isOver),
        );
      }
    }
    await this.live();
  }

  async live(): Promise<void> {
    while (!this.#isOver) {
      this.#lives += 1;
      await this.oneLife(this.#lives);
    }
  }

  async oneLife(number: number): Promise<void> {
    await this.#lived(String(number), async begin => {
      const life = await begin();
      const rounds = roundsOfLife.least + life.random.below(roundsOfLife.spread);
      await randomLife(life, rounds, () => this.#order.life === undefined && this.#isOver);
    });
  }

  /** One or, for a fresh sweep, several stations with one DPS; what they leave stays only where something disagrees. */
  async #lived(name: string, live: (begin: () => Promise<Life>) => Promise<void>): Promise<void> {
    const { seed, sabotage, recorder, compileCache } = this.#order;
    const folder = path.join(this.#order.folder, `${seed}-${name}`);
    const setting: LifeSetting = {
      seed,
      name,
      folder,
      sabotage,
      recorder,
      compileCache,
      tally: this.tally,
      nth: 0,
    };
    let life: Life | undefined;
    try {
      await live(async () => {
        life = await Life.begin({ ...setting, nth: (life?.setting.nth ?? 0) + 1 }, life?.service);
        return life;
      });
    } catch (error) {
      if (!(error instanceof Disagreement)) throw error;
      this.broken.push({ what: error.message, life: name, history: life?.history ?? [], folder });
    } finally {
      await life?.close();
    }
    if (!this.broken.some(broken => broken.folder === folder)) rmSync(folder, { recursive: true });
  }
}

/** One sweep's way through its points. */
class Course {
  readonly sweep: Sweep;
  #points: number[] | undefined;

  constructor(sweep: Sweep) {
    this.sweep = sweep;
  }

  get isLeft(): boolean {
    return this.#points === undefined || this.#points.length > 0;
  }

  async goOn(begin: () => Promise<Life>, tally: Tally, isOver: () => boolean): Promise<void> {
    const { sweep } = this;
    let life = await begin();
    if (this.#points === undefined) {
      const points = await measure(life, sweep);
      if (points === undefined) return life.leave();
      this.#points = strided(points);
      tally.sweeps.set(sweep.name, { tried: 0, of: this.#points.length });
      if (sweep.fresh) {
        await life.end();
        life = await begin();
      }
    }
    const progress = tally.sweeps.get(sweep.name)!;
    const most = sweep.fresh ? pointsOfTurn.fresh : pointsOfTurn.onward;
    for (let nth = 0; nth < most && !isOver(); nth += 1) {
      const point = this.#points.shift();
      if (point === undefined) break;
      await killAt(life, sweep, point);
      progress.tried += 1;
      if (!sweep.fresh) continue;
      await life.leave();
      life = await begin();
    }
    await life.end();
  }
}

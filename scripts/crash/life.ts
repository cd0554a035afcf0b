/**
 * One life: a station's directory and its DPS, from an empty directory through rounds of killed processes to a last drain in
 * peace. After each round, when nothing runs, everything must agree; at the end everything must have arrived.
 */
import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { Random } from '../fuzz/random.ts';
import { DeviceSource } from './device-source.ts';
import { EmulatedService, type Fault } from './emulated-service.ts';
import { disagreements, logFaults, remainders, type Situation, unwanted } from './judge.ts';
import { type LedgerSnapshot, readLedger } from './ledger-snapshot.ts';
import { PowerDisk } from './power/power-disk.ts';
import { type Death, type ProcessEnd, type StationProcess, startStation } from './station-process.ts';
import type { Tally } from './tally.ts';
import { Witness } from './witness.ts';

export interface LifeSetting {
  readonly seed: number;
  /** Names the life within its seed. */
  readonly name: string;
  /** Counts the stations of one name. */
  readonly nth: number;
  /** Of the station's directory, that of its DPS, and what the harness writes itself. */
  readonly folder: string;
  readonly sabotage: string | undefined;
  /** The library that records writes; undefined = kill -9 only. */
  readonly recorder: string | undefined;
  readonly compileCache: string;
  readonly tally: Tally;
}

export class Disagreement extends Error {}

export const productName = 'default';
/** For what is not to be killed; a busy machine takes long. */
export const peaceMs = 60_000;

export class Life {
  readonly setting: LifeSetting;
  readonly random: Random;
  readonly service: EmulatedService;
  readonly witness = new Witness();
  readonly devices: DeviceSource;
  readonly tally: Tally;
  /** What was done, one line each, to be told with a disagreement. */
  readonly history: string[] = [];
  readonly #dataDirectory: string;
  readonly #disk: PowerDisk | undefined;
  readonly #running = new Set<StationProcess>();
  #serviceIsLate = false;
  #killedFromOutside = false;
  #waiting = 0;
  #revision = 0;

  private constructor(setting: LifeSetting, service: EmulatedService, dataDirectory: string) {
    this.setting = setting;
    this.tally = setting.tally;
    this.service = service;
    this.random = new Random(seedOf(setting));
    this.devices = new DeviceSource(`${setting.seed}/${setting.name}/${setting.nth}`, setting.folder);
    this.#dataDirectory = dataDirectory;
    this.#disk =
      setting.recorder === undefined
        ? undefined
        : new PowerDisk(dataDirectory, {
            library: setting.recorder,
            log: path.join(setting.folder, 'writes.log'),
          });
  }

  /** @param service of a life before, which it goes on with; else it gets one of its own */
  static async begin(setting: LifeSetting, service?: EmulatedService): Promise<Life> {
    const station = path.join(setting.folder, 'station');
    rmSync(station, { recursive: true, force: true });
    mkdirSync(station, { recursive: true, mode: 0o700 });
    const environment = { NODE_COMPILE_CACHE: setting.compileCache };
    const dps = service ?? (await EmulatedService.start(path.join(setting.folder, 'dps'), environment));
    await dps.beginLife();
    return new Life(setting, dps, realpathSync(station));
  }

  /** @param longestMs a process that still runs then is killed */
  start(args: readonly string[], longestMs: number, death?: Death): StationProcess {
    const started = startStation({
      args: ['--json', '--data-dir', this.#dataDirectory, ...args],
      environment: {
        ...this.service.environment,
        ...this.#disk?.environment,
        KEYLINE_SECRET_STORE: 'files',
        NODE_COMPILE_CACHE: this.setting.compileCache,
      },
      sabotage: this.setting.sabotage,
      death,
      longestMs,
    });
    this.#running.add(started);
    const ended = started.ended
      .finally(() => this.#running.delete(started))
      .then(end => this.#note(args, end));
    // A round may look at one only after another: what it ended in is not lost until then.
    ended.catch(() => {});
    return { ...started, ended };
  }

  /** Leaves nothing running behind it. */
  async close(): Promise<void> {
    await Promise.all(
      [...this.#running].map(({ child, ended }) => {
        child.kill('SIGKILL');
        return ended;
      }),
    );
    await this.service.kill();
    this.tally.addFaults(this.service.struck);
  }

  run(args: readonly string[], longestMs: number, death?: Death): Promise<ProcessEnd> {
    return this.start(args, longestMs, death).ended;
  }

  /** Entries that had not arrived when the last round ended. */
  get waiting(): number {
    return this.#waiting;
  }

  /** The template of the product gets another revision, for `devices update`. Call between rounds. */
  changeTemplate(): void {
    this.#revision += 1;
    const product = { name: productName, initialTwin: { tags: { revision: this.#revision } } };
    const file = path.join(this.#dataDirectory, 'keyline.json');
    writeFileSync(file, JSON.stringify({ products: [product] }));
    this.#disk?.accept();
  }

  async arm(faults: readonly Fault[]): Promise<void> {
    if (faults.some(({ kind }) => lateKinds.has(kind))) this.#serviceIsLate = true;
    for (const { kind, ...rest } of faults) this.history.push(`  fault ${kind} ${JSON.stringify(rest)}`);
    await this.service.arm(faults);
  }

  /** Ends a round, when none of its processes runs any more. Throws Disagreement. */
  async judge(): Promise<void> {
    await this.service.clear();
    this.#cutPower();
    const situation = await this.#situation();
    this.#refuse(disagreements(situation));
    if (situation.ledger) this.witness.remember(situation.ledger);
    this.#waiting = situation.ledger?.outbox.filter(({ state }) => state !== 'enrolled').length ?? 0;
    this.tally.rounds += 1;
  }

  /** Drains in peace, and judges what came of this life. Throws Disagreement. */
  async end(): Promise<void> {
    this.history.push('in peace:');
    const { ledger } = await this.#situation();
    if (ledger !== undefined) await this.run(['sync', '--once'], peaceMs);
    await this.judge();
    const situation = await this.#situation();
    this.#refuse([
      ...remainders(situation),
      ...unwanted(situation, await this.service.records()),
      ...(await logFaults(situation)),
    ]);
    await this.#verifyAsPeopleDo();
    this.#count(situation);
  }

  /** Ends it as it is, with its entries still in the outbox. Throws Disagreement. */
  async leave(): Promise<void> {
    await this.judge();
    const situation = await this.#situation();
    this.#refuse(await logFaults(situation));
    this.#count(situation);
  }

  #count({ ledger, service }: Situation): void {
    this.tally.lives += 1;
    this.tally.devices += ledger?.devices.size ?? 0;
    this.tally.enrollments += service.enrollments.length;
    this.tally.requests += service.requests;
    this.tally.enrolledAt(ledger?.outbox.flatMap(({ settledAt }) => settledAt ?? []) ?? []);
  }

  /** `audit verify`, with every checkpoint that was ever seen. */
  async #verifyAsPeopleDo(): Promise<void> {
    if (this.witness.checkpoints.size === 0) return;
    const files = [...this.witness.checkpoints].map(([size, note]) => {
      const file = path.join(this.setting.folder, `checkpoint-${size}.txt`);
      writeFileSync(file, note);
      return file;
    });
    const end = await this.run(['audit', 'verify', '--checkpoint', ...files], peaceMs);
    if (end.code !== 0) this.#refuse([`audit verify refuses: ${end.stdout}${end.stderr}`]);
  }

  async #situation(): Promise<Situation> {
    return {
      ledger: this.#ledger(),
      service: await this.service.state(),
      witness: this.witness,
      serviceIsLate: this.#serviceIsLate,
    };
  }

  #ledger(): LedgerSnapshot | undefined {
    try {
      return readLedger(this.#dataDirectory, this.setting.folder);
    } catch (error) {
      if (!(error instanceof Database.SqliteError)) throw error;
      throw new Disagreement(`the ledger cannot be read: ${error.code}: ${error.message}`);
    }
  }

  #cutPower(): void {
    if (this.#disk === undefined) return;
    const unrecorded = this.#disk.cut(this.random);
    this.tally.powerCuts += 1;
    this.history.push('  power cut');
    if (unrecorded.length > 0 && !this.#killedFromOutside)
      throw new Error(`the recorder of writes missed some to ${unrecorded.join(', ')}`);
    this.#killedFromOutside = false;
  }

  #note(args: readonly string[], end: ProcessEnd): ProcessEnd {
    const command = args
      .slice(0, 2)
      .filter(word => !word.includes('/'))
      .join(' ');
    if (end.killed) {
      this.tally.kill(end.points?.last);
      if (end.points === undefined) this.#killedFromOutside = true;
    } else if (end.points) this.tally.learn(command, { points: end.points.passed, tookMs: end.tookMs });
    const how = end.killed
      ? end.points
        ? `killed at point ${end.points.passed}: ${end.points.last}`
        : `killed from outside${end.overdue ? ', overdue' : ''}`
      : `ended with ${end.code}`;
    this.history.push(`  ${command}: ${how}`);
    // A fault of the station itself, not of what it was up against.
    const isElsewhere = end.stdout.includes('drain-elsewhere') || end.stderr.includes('drain-elsewhere');
    if (end.code === 1 || (end.code === 6 && !isElsewhere))
      this.#refuse([`${command} ended with ${end.code}: ${end.stdout}${end.stderr}`]);
    return end;
  }

  #refuse(found: readonly string[]): void {
    if (found.length > 0) throw new Disagreement(found.join('\n'));
  }
}

/** These carry a request out although its sender may have gone. */
const lateKinds: ReadonlySet<string> = new Set(['slow']);

function seedOf({ seed, name }: LifeSetting): number {
  let mixed = seed;
  for (const letter of name) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193);
  return mixed >>> 0;
}

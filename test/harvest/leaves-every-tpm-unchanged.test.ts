/**
 * Rule H1 over every carrier and every kind of TPM: a run that goes well, and one that ends at each of its commands by a
 * cut line, a cancel, power loss or a kill, leaves the TPM as it was. `npm test` meets each kind over every other carrier, and each
 * carrier with every other kind; KEYLINE_TESTS=all meets them all.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Finding } from '../../src/harvest/finding.ts';
import { readTpmReport } from '../../src/harvest/tpm-report.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import { TpmError } from '../../src/tpm/errors.ts';
import { HierarchyPassword } from '../../src/tpm/hierarchy-password.ts';
import { longProof } from '../long-proofs.ts';
import { missing } from '../parts.ts';
import { type CarrierFront, type LocalCarrier, localCarriers, startCarrierFront } from './carrier-front.ts';
import { type Break, CuttingRelay } from './cutting-relay.ts';
import { type EkVariant, ekVariants } from './ek-variants.ts';
import { harvestAt, memoryNotes } from './harvest-at.ts';
import { killAtBreak, notesInFile, startRun } from './killed-run.ts';
import { COMPARED, type TpmState, tpmState } from './tpm-state.ts';
import { stateOf } from './tpm2-tools.ts';
import { DutShelf, type VirtualDut } from './virtual-dut.ts';

const GET_CAPABILITY = 0x17a;
const CREATE_PRIMARY = 0x131;
const NEVER = Number.POSITIVE_INFINITY;

/** How a run ends before its time; the TPM has done the command except with the first. */
const endings = ['cut before', 'cut after', 'cancelled', 'power lost'] as const;
type Ending = (typeof endings)[number];
const breakFor: Readonly<Record<Ending, Break['how']>> = {
  'cut before': 'before-command',
  'cut after': 'instead-of-response',
  cancelled: 'mute-after-command',
  'power lost': 'mute-after-command',
};

describe('H1 a harvest leaves the TPM as it was', {
  skip: missing('swtpm', 'swtpm-tools', 'tpm2-tools', 'socat'),
}, () => {
  const shelf = new DutShelf();
  after(() => shelf.clear());

  test('over every carrier, of every kind of TPM, however it ends', { concurrency: 2 }, async context => {
    const rows = new Map<string, string>();
    await Promise.all(
      ekVariants.map((variant, i) =>
        context.test(variant.name, async () => {
          const bench = await Bench.prepare(await shelf.take(variant.kind), variant);
          for (const [j, carrier] of localCarriers.entries()) {
            if (!isMet(variant, carrier, i + j)) continue;
            rows.set(
              `${i} ${j}`,
              `${carrier.padEnd(6)} ${variant.name.padEnd(48)} ${await bench.prove(carrier, i + j)}`,
            );
          }
          await bench.end();
        }),
      ),
    );
    context.diagnostic(`compared after each run: ${COMPARED}`);
    if (longProof) context.diagnostic(`every other pair; all of them are ${longProof}`);
    for (const i of ekVariants.keys()) {
      for (const [j, carrier] of localCarriers.entries())
        if (isMet(ekVariants[i]!, carrier, i + j)) context.diagnostic(rows.get(`${i} ${j}`) ?? 'not proved');
    }
  });
});

/** Carriers that a kind of TPM can be behind at all count by themselves. */
function isMet(variant: EkVariant, carrier: LocalCarrier, turn: number): boolean {
  if (variant.carriers) return variant.carriers.includes(carrier);
  return longProof === false || turn % 2 === 0;
}

/** One TPM with its state before anything was harvested, which every run has to leave. */
class Bench {
  readonly #variant: EkVariant;
  #dut: VirtualDut;
  readonly #before: TpmState;
  readonly #seenByTools: string;
  /** The index of the command from which on a run that goes badly has come to its end, and cleans up. */
  #judgedAt = NEVER;

  private constructor(variant: EkVariant, dut: VirtualDut, before: TpmState, seenByTools: string) {
    this.#variant = variant;
    this.#dut = dut;
    this.#before = before;
    this.#seenByTools = seenByTools;
  }

  static async prepare(fresh: VirtualDut, variant: EkVariant): Promise<Bench> {
    await variant.prepare?.(fresh);
    // What preparing left loaded goes, and losses of power count from here.
    const dut = await fresh.powerCycle();
    return new Bench(variant, dut, await tpmState(dut.bridge), await stateOf(dut.bridge));
  }

  /** @returns what was proved, for the table */
  async prove(carrier: LocalCarrier, turn: number): Promise<string> {
    const commands = await this.#wholeRun(carrier);
    if (this.#variant.ends !== 'read' && commands.includes(CREATE_PRIMARY))
      this.#judgedAt = commands.lastIndexOf(GET_CAPABILITY) - 1;
    const ended = new Map<Ending, number>();
    for (const at of commands.keys()) {
      const due = endings[(at + turn) % endings.length]!;
      // Cleaning up is deaf to a cancel.
      const ending = due === 'cancelled' && at >= this.#judgedAt ? 'cut after' : due;
      await this.#endedRun(carrier, at, ending);
      ended.set(ending, (ended.get(ending) ?? 0) + 1);
    }
    const loading = [...commands.keys()].slice(Math.max(0, commands.indexOf(CREATE_PRIMARY)));
    const killedAt = commands.includes(CREATE_PRIMARY) ? loading[turn % loading.length] : undefined;
    if (killedAt !== undefined) await this.#killedRun(carrier, killedAt);
    const counts = endings.map(ending => `${ending} ${ended.get(ending) ?? 0}`).join(', ');
    const killed = killedAt === undefined ? 'loads nothing' : `killed at ${killedAt + 1}`;
    return `${this.#variant.ends}: ${commands.length} commands; ${counts}; ${killed}`;
  }

  async end(): Promise<void> {
    assert.equal(await stateOf(this.#dut.bridge), this.#seenByTools);
    this.#dut = await this.#dut.powerCycle();
    await this.#assertUnchanged('after the next start');
    await this.#dut.stop();
  }

  /** @returns its commands (TPM_CC) */
  async #wholeRun(carrier: LocalCarrier): Promise<number[]> {
    return this.#through(carrier, { at: NEVER, how: 'before-command' }, async (front, relay) => {
      assert.equal(endOf(await this.#harvest(front)), this.#variant.ends);
      await this.#assertUnchanged(`${carrier}, whole`);
      const commands = [...relay.commandCodes];
      await this.#look(front);
      await this.#assertUnchanged(`${carrier}, tpm info`);
      return commands;
    });
  }

  async #endedRun(carrier: LocalCarrier, at: number, ending: Ending): Promise<void> {
    const what = `${carrier}, ${ending} at ${at}`;
    await this.#through(carrier, { at, how: breakFor[ending] }, async (front, relay) => {
      const cancel = new AbortController();
      const runNotes = memoryNotes();
      const running = this.#harvest(front, { runNotes, signal: cancel.signal });
      await Promise.race([relay.broken, running]);
      if (ending === 'cancelled') cancel.abort();
      if (ending === 'power lost') this.#dut = await this.#dut.powerCycle();
      const finding = await running;
      // To the cmd carrier a program that ends before it ever answered was never connected.
      const closed = carrier === 'cmd' && at === 0 ? 'bridge-unreachable' : 'bridge-closed';
      const interrupted = ending === 'cancelled' ? 'cancelled' : closed;
      assert.equal(endOf(finding), at < this.#judgedAt ? interrupted : this.#variant.ends, what);
      if (ending === 'power lost') return;
      assert.equal(finding.warnings.includes('handles-left'), false, what);
      assert.equal(runNotes.notes.size, 0, what);
    });
    await this.#assertUnchanged(what);
  }

  async #killedRun(carrier: LocalCarrier, at: number): Promise<void> {
    const what = `${carrier}, killed at ${at}`;
    const notesFile = join(this.#dut.folder, 'notes.json');
    await this.#through(carrier, { at, how: 'mute-after-command' }, async (front, relay) => {
      await front.ready();
      const { options, password } = this.#variant;
      await killAtBreak(relay, startRun(front.bridge, notesFile, options?.deviceKey, password));
      assert.ok(existsSync(notesFile), what);
      assert.equal(
        endOf(await this.#harvest(front, { runNotes: notesInFile(notesFile) })),
        this.#variant.ends,
      );
      assert.ok(!existsSync(notesFile), what);
    });
    await this.#assertUnchanged(what);
  }

  /** `tpm info`, with the variant's password; what it says of that is not the matter here. */
  async #look({ bridge, open }: CarrierFront): Promise<void> {
    const { password } = this.#variant;
    const hierarchyPassword = password === undefined ? undefined : HierarchyPassword.of(password);
    const key = hierarchyPassword && {
      hierarchyPassword,
      harvestId: 'look-1',
      runNotes: memoryNotes(),
      used: () => {},
    };
    await readTpmReport({ bridge: parseTctiConf(bridge), open, key }).catch(error => {
      if (password === undefined || !(error instanceof TpmError)) throw error;
    });
  }

  #harvest(front: CarrierFront, options: Parameters<typeof harvestAt>[1] = {}): Promise<Finding> {
    const { password } = this.#variant;
    return harvestAt(front.bridge, {
      open: front.open,
      ...this.#variant.options,
      ...(password === undefined ? {} : { hierarchyPassword: HierarchyPassword.of(password) }),
      ...options,
    });
  }

  async #through<T>(
    carrier: LocalCarrier,
    break_: Break,
    use: (front: CarrierFront, relay: CuttingRelay) => Promise<T>,
  ): Promise<T> {
    const relay = await CuttingRelay.start(this.#dut.port, break_);
    const front = await startCarrierFront(carrier, relay.port);
    try {
      return await use(front, relay);
    } finally {
      await front.close();
      relay.stop();
    }
  }

  async #assertUnchanged(what: string): Promise<void> {
    assert.deepEqual(await tpmState(this.#dut.bridge), this.#before, what);
  }
}

function endOf(finding: Finding): string {
  return finding.outcome === 'read' ? 'read' : finding.code;
}

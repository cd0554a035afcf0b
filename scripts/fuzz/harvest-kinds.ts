/** Harvests at a hostile DUT, by the run alone and by the whole station: each must end in time, in a verdict with a code. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { CLEAN_UP_MS } from '../../src/harvest/deadlines.ts';
import { runHarvest } from '../../src/harvest/run-harvest.ts';
import type { RunNote } from '../../src/harvest/run-notes.ts';
import { harvestDevice } from '../../src/station/attempt/harvest-device.ts';
import { verdictHints } from '../../src/station/attempt/verdict-hints.ts';
import { openCore, type StationCore } from '../../src/station/open-core.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import { HierarchyPassword } from '../../src/tpm/hierarchy-password.ts';
import { type Kind, promise } from './fuzz-case.ts';
import { HostileDut, type Misdeed } from './hostile-dut.ts';
import { mutateBytes, mutateText } from './mutate.ts';
import type { Random } from './random.ts';
import { recordings, responses, serials } from './seeds.ts';

const deadlines = { connectMs: 1_000, commandMs: 80, createPrimaryMs: 80, wholeMs: 1_500 };
/** By the fixture's deadlines, and what cleaning up may take: opening the bridge again and 5 s (rule H1). */
const LONGEST_MS = deadlines.wholeMs + 2 * CLEAN_UP_MS + 500;
const MOST_COMMANDS = 1_000;

const misdeedSchema = z.union([
  z.strictObject({
    do: z.literal('send'),
    hex: z.string(),
    drip: z.boolean().exactOptional(),
    hangUp: z.boolean().exactOptional(),
  }),
  z.strictObject({ do: z.literal('add'), before: z.string(), behind: z.string(), delayMs: z.number() }),
  z.strictObject({ do: z.literal('flood'), bytes: z.number() }),
  z.strictObject({ do: z.literal('answer-with'), exchange: z.number() }),
  z.strictObject({ do: z.literal('nothing') }),
]);
const planSchema = z.strictObject({
  transcript: z.string(),
  misdeeds: z.array(z.tuple([z.number(), misdeedSchema])),
  possession: z.enum(['require', 'off']),
  deviceKey: z.enum(['persisted', 'L-1', 'sdk-empty-unique']).exactOptional(),
  /** Of a key that the ledger has for the serial. */
  recordedKey: z.boolean(),
  serial: z.string(),
});
type Plan = z.infer<typeof planSchema>;

function makePlan(random: Random): Buffer {
  const transcript = random.pick([...recordings.keys()]);
  const { exchanges } = recordings.get(transcript)!;
  const count = random.onceIn(20) ? 0 : 1 + random.below(3);
  const deviceKey = random.pick([undefined, undefined, 'persisted', 'L-1', 'sdk-empty-unique'] as const);
  const plan: Plan = {
    transcript,
    misdeeds: Array.from({ length: count }, () => {
      const at = random.below(exchanges.length + 4);
      const exchange = exchanges[at];
      const answer = exchange && 'response' in exchange ? exchange.response : random.pick(responses);
      return [at, makeMisdeed(random, answer, exchanges.length)];
    }),
    possession: random.onceIn(4) ? 'off' : 'require',
    ...(deviceKey === undefined ? {} : { deviceKey }),
    recordedKey: random.onceIn(5),
    serial: random.onceIn(4) ? mutateText(random, random.pick(serials)) : `SN-${random.below(1_000)}`,
  };
  return Buffer.from(JSON.stringify(plan));
}

function makeMisdeed(random: Random, answer: Uint8Array, exchanges: number): Misdeed {
  const send = (bytes: Uint8Array): Misdeed => ({ do: 'send', hex: Buffer.from(bytes).toString('hex') });
  // What waits for a deadline is slow to try.
  if (random.onceIn(25)) return { do: 'nothing' };
  if (random.onceIn(25)) return { do: 'add', before: '', behind: '', delayMs: 20 + random.below(120) };
  switch (random.below(9)) {
    case 0:
    case 1:
    case 2:
      return send(resized(mutateBytes(random, answer, responses)));
    case 3:
      return send(mutateBytes(random, answer, responses));
    case 4:
      return { ...send(answer.subarray(0, random.below(answer.length))), hangUp: true } as Misdeed;
    case 5:
      return random.onceIn(3)
        ? { do: 'flood', bytes: random.below(4_000_000) }
        : { do: 'add', before: '', behind: Buffer.from(answer).toString('hex'), delayMs: 0 };
    case 6: {
      const code = Buffer.from('80010000000a00000000', 'hex');
      code.writeUInt32BE(random.onceIn(4) ? random.u32() : random.below(0xa00), 6);
      return send(code);
    }
    case 7:
      return { do: 'answer-with', exchange: random.below(exchanges) };
    default:
      return random.onceIn(2)
        ? ({ ...send(resized(mutateBytes(random, answer, responses))), drip: true } as Misdeed)
        : { do: 'add', before: random.bytes(1 + random.below(12)).toString('hex'), behind: '', delayMs: 0 };
  }
}

/** A frame whose size fits, so that what is damaged is its content. */
function resized(bytes: Buffer): Buffer {
  const frame =
    bytes.length < 10 ? Buffer.concat([bytes, Buffer.alloc(10 - bytes.length)]) : Buffer.from(bytes);
  frame.writeUInt16BE(frame[1] === 2 ? 0x8002 : 0x8001, 0);
  frame.writeUInt32BE(frame.length, 2);
  return frame.subarray(0, 4096);
}

export interface HarvestKinds {
  readonly kinds: Readonly<Record<string, Kind>>;
  close(): void;
}

export async function openHarvestKinds(): Promise<HarvestKinds> {
  const dut = new HostileDut();
  const bridge = await dut.listen();
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-fuzz-station-'));
  const core = openCore({ dataDirectory: folder, env: { KEYLINE_REHEARSAL: '1' } });
  const kind = (weight: number, run: (plan: Plan) => Promise<void>): Kind => ({
    weight,
    make: makePlan,
    run: async input => {
      const plan = planSchema.parse(JSON.parse(input.toString()));
      const transcript = recordings.get(plan.transcript);
      promise(transcript !== undefined, `there is no transcript ${plan.transcript}`);
      dut.play({ transcript, misdeeds: new Map(plan.misdeeds) });
      const begun = performance.now();
      await run(plan);
      const tookMs = performance.now() - begun;
      dut.rest();
      promise(tookMs < LONGEST_MS, `took ${Math.round(tookMs)} ms, at most ${LONGEST_MS}`);
      promise(dut.commands <= MOST_COMMANDS, `${dut.commands} commands`);
    },
  });
  return {
    kinds: {
      'harvest run': kind(6, plan => runAlone(bridge, plan)),
      'harvest at a station': kind(2, plan => runAtStation(core, bridge, plan)),
    },
    close: () => {
      dut.close();
      core.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function runAlone(bridge: string, plan: Plan): Promise<void> {
  const notes = new Map<string, RunNote>();
  const withPassword = recordings.get(plan.transcript)?.header.withPassword;
  const finding = await runHarvest({
    bridge: parseTctiConf(bridge),
    deadlines,
    rehearsal: true,
    possession: plan.possession,
    deviceKey: plan.deviceKey,
    hierarchyPassword: withPassword && HierarchyPassword.of('secret'),
    recordedEkSha256: plan.recordedKey ? 'ab'.repeat(32) : undefined,
    harvestId: 'fuzz',
    runNotes: {
      read: name => notes.get(name),
      write: note => void notes.set(note.bridge, note),
      clear: name => void notes.delete(name),
    },
  });
  if (finding.outcome !== 'read') hasHint(finding.code);
  promise(finding.possession !== 'proved', 'a transcript proved possession');
  promise(finding.hierarchyPassword !== 'taken', 'a transcript showed a password');
  isClean(finding);
}

async function runAtStation(core: StationCore, bridge: string, plan: Plan): Promise<void> {
  const result = await harvestDevice(core, {
    bridge,
    serial: plan.serial,
    account: 'os:fuzz',
    deadlines,
  });
  hasHint(result.code);
  promise(result.hint !== '' || result.verdict === 'passed', 'a verdict without a hint');
  promise(result.recordedAt !== undefined, 'a verdict that was not recorded (rule H4)');
  isClean(result);
}

function hasHint(code: string): void {
  promise(Object.hasOwn(verdictHints, code), `the verdict ${code} has no hint`);
}

/** What a DUT says is shown to people: no text in it steers a terminal or turns text around. */
function isClean(found: object): void {
  const walk = (value: unknown): void => {
    if (typeof value === 'string')
      promise(!/[\p{Cc}\p{Cf}\p{Cs}]/u.test(value), `unclean text ${JSON.stringify(value)}`);
    else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) walk(part);
  };
  walk(found);
}

/** The rounds of a random life: what runs at once, how the service behaves, and when which process is killed. */
import { setTimeout as pause } from 'node:timers/promises';
import { badDay } from './faults.ts';
import { type Life, peaceMs, productName } from './life.ts';
import type { Death, ProcessEnd, StationProcess } from './station-process.ts';

type Round = (life: Life) => Promise<void>;

/** A drain in a bad day waits, and then it is killed in the middle of that. */
const longestMs = 5_000;
const sync = ['sync', '--once'] as const;

/** @param isOver asked before each round; a life that is over goes to its end in peace */
export async function randomLife(life: Life, rounds: number, isOver: () => boolean): Promise<void> {
  const mayBeLate = life.random.onceIn(2);
  // Something to begin with.
  await importDevices(life);
  await life.judge();
  for (let round = 1; round <= rounds && !isOver(); round += 1) {
    const [name, play] = life.random.pick(kinds);
    life.history.push(`round ${round}: ${name}`);
    if (life.random.onceIn(3)) life.changeTemplate();
    await life.arm(badDay(life.random, mayBeLate));
    await play(life);
    await life.judge();
  }
  await life.end();
}

const drain: Round = async life => {
  await somethingWaits(life);
  await life.run(sync, longestMs, deathOf(life, 'sync --once'));
};

const importOnly: Round = async life => {
  await importDevices(life, deathOf(life, 'import'));
};

/** Devices come in while another process sends. */
const importBesideDrain: Round = async life => {
  const args = life.random.onceIn(3) ? ['serve'] : ['sync', '--watch'];
  const drains = life.start(args, longestMs, deathOf(life, args.join(' ')));
  await importDevices(life, life.random.onceIn(2) ? deathOf(life, 'import') : undefined);
  await pause(life.random.below(400));
  await killed(drains);
};

/** The first is killed in the middle of it, the second says that it drains elsewhere or goes on. */
const twoDrains: Round = async life => {
  await somethingWaits(life);
  const first = life.start(sync, longestMs, { afterMs: someTime(life) });
  await pause(life.random.below(200));
  const second = life.start(sync, longestMs, deathOf(life, 'sync --once'));
  await Promise.all([first.ended, second.ended]);
};

/** `serve` waits for the drain lock and takes over. */
const takeOver: Round = async life => {
  await somethingWaits(life);
  const first = life.start(sync, longestMs, { afterMs: someTime(life) });
  const second = life.start(['serve'], longestMs);
  await first.ended;
  await pause(300 + life.random.below(700));
  await killed(second);
};

const serviceKilled: Round = async life => {
  await somethingWaits(life);
  const drains = life.start(
    sync,
    longestMs,
    life.random.onceIn(2) ? deathOf(life, 'sync --once') : undefined,
  );
  await pause(someTime(life));
  await life.service.kill();
  life.tally.emulatorKills += 1;
  life.history.push('  emulator killed');
  await pause(life.random.below(300));
  await life.service.restart();
  await drains.ended;
};

/** What a plant does to devices that are enrolled, and the drain of it. */
const changes: Round = async life => {
  for (let nth = life.random.below(3); nth >= 0; nth -= 1) {
    const args = await changeOf(life);
    const end = await life.run(
      args,
      longestMs,
      life.random.onceIn(2) ? deathOf(life, args.slice(0, 2).join(' ')) : undefined,
    );
    life.witness.hear(end.stdout);
  }
  await life.run(sync, longestMs, deathOf(life, 'sync --once'));
};

const exported: Round = async life => {
  const out = life.devices.placeFor('audit.jsonl');
  await life.run(
    ['audit', 'export', '--format', 'jsonl', '--out', out],
    longestMs,
    deathOf(life, 'audit export'),
  );
};

const kinds: readonly (readonly [name: string, round: Round])[] = [
  ['drain', drain],
  ['drain', drain],
  ['drain', drain],
  ['import', importOnly],
  ['import beside a drain', importBesideDrain],
  ['import beside a drain', importBesideDrain],
  ['two drains', twoDrains],
  ['take-over', takeOver],
  ['service killed', serviceKilled],
  ['changes', changes],
  ['changes', changes],
  ['export', exported],
];

async function changeOf(life: Life): Promise<readonly string[]> {
  const update = ['devices', 'update', '--product', productName];
  const devices = [...life.witness.inService];
  if (devices.length === 0) return update;
  const [registrationId, serial] = life.random.pick(devices);
  switch (life.random.below(6)) {
    case 0:
      return update;
    case 1:
      return ['devices', 'delete', registrationId, '--reason', 'scrap'];
    case 2:
      // The swapped board is refused, which is what `replace` goes by.
      await life.run(['import', life.devices.swapFile(serial)], peaceMs);
      return ['devices', 'replace', serial, '--reason', 'board swap'];
    case 3:
      return ['devices', 'enable', registrationId, '--reason', 'tested again'];
    default:
      return ['devices', 'disable', registrationId, '--reason', 'recalled'];
  }
}

async function importDevices(life: Life, death?: Death): Promise<ProcessEnd> {
  const file = life.devices.importFile(1 + life.random.below(25), life.random.below(3));
  const end = await life.run(['import', file], death ? longestMs : peaceMs, death);
  life.witness.hear(end.stdout);
  return end;
}

/** A drain needs something to drain; an import for it may be killed as well. */
async function somethingWaits(life: Life): Promise<void> {
  if (life.waiting >= 10) return;
  await importDevices(life, life.random.onceIn(2) ? deathOf(life, 'import') : undefined);
}

/** Mostly at a point, where that command has some; at times from outside, at times not at all. */
function deathOf(life: Life, command: string): Death | undefined {
  const way = life.random.below(8);
  if (way === 0) return undefined;
  if (way <= 2) return { afterMs: life.random.below(1.3 * life.tally.tookMs(command)) };
  return { point: 1 + life.random.below(life.tally.pointsOf(command)) };
}

/** At which a drain that was just started is mostly on its way. */
function someTime(life: Life): number {
  const tookMs = life.tally.tookMs('sync --once');
  return 0.4 * tookMs + life.random.below(0.6 * tookMs);
}

async function killed(station: StationProcess): Promise<void> {
  station.child.kill('SIGKILL');
  await station.ended;
}

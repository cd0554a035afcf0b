/** Runs on a small disk: packing, unpacking and receipts where a stick or the station's disk is full, and a stick that is pulled out. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { StationCore } from '../../../src/station/open-core.ts';
import {
  CourierLine,
  harvest,
  pack,
  pair,
  statesOf,
  takeBack,
  unpack,
  writeBack,
} from './courier-fixture.ts';

const DEVICES = 24;
const disk = process.argv[2]!;
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    error => (error as { code?: string }).code ?? String(error),
  );
const run = (...words: string[]) => {
  const { status, stderr } = spawnSync(words[0]!, words.slice(1), { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
};
/** A small stick of its own. */
const stickOf = (name: string, kilobytes: number): string => {
  const at = path.join(disk, name);
  mkdirSync(at);
  run('mount', '-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'none', at);
  return at;
};
/** Looked at before each part is written; at the given look the stick goes. */
const pullingAt = (look: number, stick: string): AbortSignal => {
  let looks = 0;
  return {
    get aborted() {
      looks += 1;
      if (looks === look) run('umount', '-l', stick);
      return false;
    },
  } as AbortSignal;
};

const line = new CourierLine();
try {
  const sender = line.offline('sender');
  // The receiver's own disk is the small one.
  const receiver = line.online(path.relative(line.folder, path.join(disk, 'receiver')));
  pair(sender, receiver);
  for (let n = 1; n <= DEVICES; n += 1) harvest(sender, n, `SN-${n}`);
  const open = (core: StationCore) => core.ledger.counts.outbox().queued;

  const small = stickOf('small', 32);
  const full = [
    await codeOf(pack(sender, path.join(small, 'bundle'))),
    await codeOf(pack(sender, path.join(small, 'bundle'), { maxBytes: 16_384 })),
  ];
  const leftOnFull = readdirSync(small);

  const pulledStick = stickOf('pulled', 1000);
  const out = path.join(pulledStick, 'bundle');
  const signal = pullingAt(2, pulledStick);
  const pulled = await codeOf(pack(sender, out, { maxBytes: 16_384, signal }));
  const afterwards = [readdirSync(pulledStick), open(sender)];
  const read = await codeOf(unpack(receiver, out));

  const bundle = line.file();
  const packed = await pack(sender, bundle);
  receiver.ledger.walCheckpoint();
  const filler = path.join(disk, 'filler');
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(filler, Buffer.alloc(bavail * bsize - 300 * 1024));
  const ledger = await codeOf(unpack(receiver, bundle));
  const half = [receiver.ledger.counts.devices(), receiver.ledger.courierTaken.newest(9).length];
  rmSync(filler);
  const { counts, notices } = await unpack(receiver, bundle);

  const tiny = stickOf('tiny', 4);
  writeFileSync(path.join(tiny, 'other'), Buffer.alloc(4096));
  const receipt = await codeOf(writeBack(receiver, path.join(tiny, 'receipt')));
  const again = line.file();
  const { number } = await writeBack(receiver, again);
  const closed = (await takeBack(sender, again)).counts.waiting;
  process.stdout.write(
    JSON.stringify({
      full,
      leftOnFull,
      pulled,
      afterwards,
      read,
      packed: [packed.sequence, packed.entries],
      ledger,
      half,
      taken: [counts.taken, counts.known, notices.includes('known')],
      receipt,
      number,
      closed,
      states: [...new Set([...statesOf(sender), ...statesOf(receiver)])],
    }),
  );
} finally {
  line.close();
}

/** Runs on a small disk: a batch's report that does not fit, and a list of devices that fits while its manifest does not. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { limpetCsv } from '../../../src/audit/export/device-list.ts';
import { writeList } from '../../../src/audit/export/write-list.ts';
import { generateStationKey, stationKeyFromSecret } from '../../../src/audit/station-key.ts';
import { ReportFile } from '../../../src/station/export/report-file.ts';

const disk = process.argv[2]!;
const codeOf = async (work: () => unknown) => {
  try {
    await work();
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

const report = new ReportFile(join(disk, 'report.csv'), ['serial', 'detail']);
let added = 0;
for (; added < 20_000; added += 1) report.add({ serial: `SN-${added}`, detail: 'x'.repeat(60) });
const full = await codeOf(() => report.end());
const afterReport = readdirSync(disk);

// Leaves room for the list and for none of its manifest.
const page = 4096;
const list = join(disk, 'list.csv');
const key = stationKeyFromSecret(generateStationKey(), 'station/log');
const device = { registrationId: 'a', endorsementKey: Buffer.alloc(314) };
const listCodes = new Set<string>();
for (let room = 1; room <= 4; room += 1) {
  const filler = join(disk, 'filler');
  let filled = 0;
  try {
    for (; ; filled += page) writeFileSync(filler, Buffer.alloc(page), { flag: 'a' });
  } catch {}
  writeFileSync(filler, Buffer.alloc(filled - room * page));
  const order = {
    format: 'limpet-csv',
    form: limpetCsv,
    most: 1,
    stated: async () => ({
      log: {
        filter: {},
        madeAt: '2026-11-22T00:00:00.000Z',
        keyline: '0.1.0',
        rehearsal: true,
        origin: 'station/log',
        size: 1,
        checkpoint: 'x'.repeat(3 * page),
      },
      key,
    }),
  } as const;
  listCodes.add(await codeOf(() => writeList([device], order, list)));
  rmSync(filler);
}
process.stdout.write(
  JSON.stringify({ added, full, afterReport, list: [...listCodes].sort(), left: readdirSync(disk) }),
);

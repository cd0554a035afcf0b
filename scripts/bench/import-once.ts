/** One dry run of an import in a process of its own: prints the most memory that it took, in MiB. Arguments: data directory, file. */
import { importDevices } from '../../src/station/batch-import/import-devices.ts';
import { openCore } from '../../src/station/open-core.ts';
import { peakMemoryMiB } from './peak-memory.ts';

const [dataDirectory, file] = process.argv.slice(2) as [string, string];
const core = openCore({ dataDirectory });
for await (const { verdict } of importDevices(core, file, { dryRun: true, account: 'os:bench' }))
  if (verdict !== 'imported') throw new Error(`a row is ${verdict}`);
core.close();
console.log(peakMemoryMiB());

/** One lot certificate in a process of its own: prints the most memory that it took, in MiB. Arguments: data directory, file. */
import { writeLotCertificate } from '../../src/station/lot-certificate/write-lot-certificate.ts';
import { openCore } from '../../src/station/open-core.ts';
import { LOT } from './fill-lot.ts';
import { peakMemoryMiB } from './peak-memory.ts';

const [dataDirectory, out] = process.argv.slice(2) as [string, string];
const core = openCore({ dataDirectory });
await writeLotCertificate(core, { workOrder: LOT, out, account: 'os:bench' });
core.close();
console.log(peakMemoryMiB());

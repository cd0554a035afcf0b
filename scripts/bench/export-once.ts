/** One export in a process of its own: prints the most memory that it took, in MiB. Arguments: data directory, format, file. */
import { exportAudit } from '../../src/station/export/export-audit.ts';
import type { ExportRequest } from '../../src/station/export/export-request.ts';
import { openCore } from '../../src/station/open-core.ts';
import { peakMemoryMiB } from './peak-memory.ts';

const [dataDirectory, format, out] = process.argv.slice(2) as [string, ExportRequest['format'], string];
const core = openCore({ dataDirectory });
await exportAudit(core, { format, out, account: 'os:bench' });
core.close();
console.log(peakMemoryMiB());

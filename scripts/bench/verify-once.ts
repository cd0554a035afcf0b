/** One verification of an export in a process of its own. Argument: file. Prints `OnceResult`. */
import { verifyExport } from '../../src/audit/verify/verify-export.ts';
import { peakMemoryMiB } from './peak-memory.ts';
import type { OnceResult } from './verify-rate.ts';

const [file] = process.argv.slice(2) as [string];
const begun = performance.now();
const verdict = await verifyExport(file);
const ms = performance.now() - begun;
const rootHash = verdict.ok ? verdict.rootHash : verdict.detail;
console.log(JSON.stringify({ ms, peakMiB: peakMemoryMiB(), rootHash } satisfies OnceResult));

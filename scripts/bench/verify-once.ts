/** One verification of an export in a process of its own. Argument: file. Prints `OnceResult`. */
import { verifyExport } from '../../src/audit/verify/verify-export.ts';
import type { OnceResult } from './verify-rate.ts';

const [file] = process.argv.slice(2) as [string];
const begun = performance.now();
const verdict = await verifyExport(file);
const ms = performance.now() - begun;
const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
const rootHash = verdict.ok ? verdict.rootHash : verdict.detail;
console.log(JSON.stringify({ ms, peakMiB, rootHash } satisfies OnceResult));

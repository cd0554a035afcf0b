/** The most memory that this process has had, in MiB. */
import { existsSync, readFileSync } from 'node:fs';

/** Linux begins what getrusage(2) tells of a process with the memory of the one that started it; proc(5) does not. */
const status = '/proc/self/status';

export function peakMemoryMiB(): number {
  const kibibytes = existsSync(status)
    ? readFileSync(status, 'utf8').match(/^VmHWM:\s+(\d+) kB$/m)?.[1]
    : process.resourceUsage().maxRSS;
  return Math.round(Number(kibibytes) / 1024);
}

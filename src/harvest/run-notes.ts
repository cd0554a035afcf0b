/**
 * The written note of a run (rule H1): made before a run loads anything into a TPM that nobody else would clean up,
 * taken away when it has flushed. A station keeps notes where they survive a kill; the next run at the same bridge
 * flushes by them what the killed one left.
 */
import { createHash } from 'node:crypto';
import { describeTctiConf, type TctiConf } from '../tcti/tcti-conf.ts';

export interface RunNote {
  /** See `noteKeyOf`. */
  readonly bridge: string;
  readonly harvestId: string;
  /** Objects and sessions that were loaded before this run and are not its own. */
  readonly handlesBefore: readonly number[];
}

/** What it throws (a full disk) ends the run and reaches its caller. */
export interface RunNotes {
  read(bridge: string): RunNote | undefined;
  /** Durable when it returns; one note a bridge. */
  write(note: RunNote): void;
  clear(bridge: string, harvestId: string): void;
}

/** Names a bridge in notes. Of a `cmd` bridge only a hash, because its text may hold secrets (rule S2). */
export function noteKeyOf(conf: TctiConf): string {
  if (conf.name !== 'cmd') return describeTctiConf(conf);
  return `cmd:${createHash('sha256').update(conf.command).digest('hex').slice(0, 32)}`;
}

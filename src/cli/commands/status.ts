import type { Command } from 'commander';
import type { DrainForecast } from '../../station/drain/drain-forecast.ts';
import type { StationStatus } from '../../station/status.ts';
import { action, withCore } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { facts } from '../table.ts';

export function addStatusCommand(program: Command): void {
  const command = program.command('status').description('counts, versions, connection, audit head');
  action(command, async invocation =>
    withCore(invocation, async core => {
      const { roughly, wrongClockText } = await import('../../station/clock/clock-evidence.ts');
      const { readStatus } = await import('../../station/status.ts');
      const status = await readStatus(core);
      invocation.output.document(status, () =>
        facts([
          [
            'Keyline',
            `${status.version}, ledger schema ${status.schema}${status.rehearsal ? ', REHEARSAL' : ', production'}`,
          ],
          ['data', status.dataDirectory],
          ['devices', status.devices],
          ['in certificate debt', status.certificateDebt || undefined],
          ['work order', workOrderText(status.workOrder)],
          ['waiting', status.queue.queued + status.queue.sending],
          ['empty in', drainText(roughly, status.drain)],
          ['enrolled', status.queue.enrolled],
          ['in conflict', status.queue.conflict || undefined],
          ['set aside', status.queue.quarantined || undefined],
          ['DPS', dpsText(status.dps)],
          [
            'last contact',
            status.dps.lastContact === null ? 'never' : new Date(status.dps.lastContact).toISOString(),
          ],
          ['revocation', revocationText(status.revocation)],
          ['AUDIT LOG BROKEN', status.audit.contradiction ?? undefined],
          [
            'audit log',
            `${status.audit.size} ${status.audit.size === 1 ? 'entry' : 'entries'}, root ${status.audit.rootHash}`,
          ],
          ['NO BACKUP', status.backup.fault ?? undefined],
          ['last backup', status.backup.last ? new Date(status.backup.last.at).toISOString() : undefined],
          ['disk', `${(status.disk.freeBytes / 1024 ** 3).toFixed(1)} GiB free`],
          [
            'clock',
            [
              status.clock,
              wrongClockText(status.clockAheadMs),
              status.clockSteppedMs === null ? undefined : `moved by ${roughly(status.clockSteppedMs)}`,
            ]
              .filter(text => text !== undefined)
              .join('; '),
          ],
          ['origin', status.audit.origin],
        ]),
      );
      return exitCodes.done;
    }),
  );
}

/** Nothing where all lists hold. */
function revocationText(lists: StationStatus['revocation']): string | undefined {
  if (lists === null || lists.stale + lists.notFetched === 0) return undefined;
  return `${lists.stale} of ${lists.lists} lists stale, ${lists.notFetched} addresses not fetched; doctor names them`;
}

function workOrderText(order: StationStatus['workOrder']): string | undefined {
  if (order === null) return undefined;
  const { id, product, passed, quantity } = order;
  return `${id} (${product}), ${quantity === null ? `${passed} passed` : `${passed} of ${quantity}`}`;
}

function dpsText({ host, online, code }: StationStatus['dps']): string {
  // Without a host and with a code: the settings cannot be used.
  const state = online === null ? 'no key set' : online ? 'online' : `not online (${code})`;
  if (host !== null) return `${host}, ${state}`;
  return code === null ? 'not configured' : state;
}

/** Undefined where nothing waits. */
function drainText(
  roughly: (ms: number) => string,
  { waiting, emptyInMs, perMinute, limitedBy }: DrainForecast,
): string | undefined {
  if (waiting === 0) return undefined;
  if (limitedBy === 'pause') return 'paused until somebody lets it go on (queue resume)';
  if (limitedBy === 'person') return 'not before somebody decides on the entries ahead (queue list)';
  if (emptyInMs === null) return 'unknown while DPS is out of reach';
  const pace = perMinute === 0 ? 'not begun' : `${perMinute} a minute now`;
  return `about ${roughly(emptyInMs)} (${pace}${limitedBy === 'budget' ? ', at the limit of DPS operations' : ''})`;
}

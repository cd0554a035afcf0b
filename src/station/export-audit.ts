/**
 * The audit log as a file that stands alone, signed at its end (rules A2, A4). That it left the station is itself recorded,
 * once the file is on disk, together with its checkpoint.
 */
import path from 'node:path';
import type { ExportFormat } from '../audit/export/assemble-export.ts';
import { writeExport } from '../audit/export/write-export.ts';
import { shortText } from './harvest-device.ts';
import type { StationCore } from './open-core.ts';
import { personOf } from './people.ts';
import { refuseStationFile } from './station-files.ts';

export interface ExportRequest {
  readonly format: ExportFormat;
  readonly out: string;
  readonly workOrder?: string | undefined;
  /** Epoch milliseconds: from this on, and before that. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly account: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

export interface ExportedAudit {
  readonly file: string;
  readonly format: ExportFormat;
  readonly origin: string;
  /** Entries of the log, of these in the file in full, and as a hash. */
  readonly size: number;
  readonly entries: number;
  readonly withheld: number;
  /** Hex. */
  readonly rootHash: string;
  /** Signed note. */
  readonly checkpoint: string;
  readonly verifierKey: string;
  readonly rehearsal: boolean;
}

export async function exportAudit(core: StationCore, request: ExportRequest): Promise<ExportedAudit> {
  const { ledger, identity } = core;
  const file = path.resolve(request.out);
  refuseStationFile(core.directory, file);
  const workOrder = shortText('work-order-invalid', request.workOrder);
  const size = ledger.audit.size();
  const selection = {
    ...(workOrder === null ? {} : { workOrder }),
    ...(request.since === undefined ? {} : { since: request.since }),
    ...(request.until === undefined ? {} : { until: request.until }),
  };
  const { at } = core.clock.read();
  const result = await writeExport(
    {
      origin: identity.origin,
      rehearsal: core.rehearsal,
      size,
      entries: ledger.audit.iterate(0, size),
      checkpoints: ledger.checkpoints.ofLog(identity.logId).map(row => row.note),
    },
    { format: request.format, selection, madeAt: at, key: identity.key },
    file,
    { signal: request.signal, onProgress: request.onProgress },
  );
  ledger.transaction(() => {
    ledger.checkpoints.insert({ log_id: identity.logId, size, note: result.checkpoint, made_at: at });
    core.audit.append(identity, personOf(ledger, request.account, at), {
      type: 'export',
      data: {
        format: request.format,
        size,
        ...(workOrder === null ? {} : { workOrder }),
        ...(request.since === undefined ? {} : { since: new Date(request.since).toISOString() }),
        ...(request.until === undefined ? {} : { until: new Date(request.until).toISOString() }),
      },
    });
  });
  return {
    file,
    format: request.format,
    origin: identity.origin,
    size,
    entries: result.entries,
    withheld: result.withheld,
    rootHash: result.rootHash.toString('hex'),
    checkpoint: result.checkpoint,
    verifierKey: result.verifierKey,
    rehearsal: core.rehearsal,
  };
}

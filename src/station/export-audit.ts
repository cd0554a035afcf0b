/**
 * The audit log as a file that stands alone, signed at its end, or a list of devices with a signed manifest beside it
 * (rules A2, A4). That it left the station is itself recorded, once the file is on disk, together with its checkpoint.
 */
import path from 'node:path';
import { type ExportFormat, exportFormats } from '../audit/export/assemble-export.ts';
import type { ListFormat } from '../audit/export/device-list.ts';
import { type Selection, stateSelection } from '../audit/export/selection.ts';
import { writeExport } from '../audit/export/write-export.ts';
import type { ReadBack } from '../audit/read-back.ts';
import { StationError } from './errors.ts';
import { exportList } from './export-list.ts';
import { isOtherDevice } from './export-medium.ts';
import { shortText } from './harvest-device.ts';
import { keepOutside } from './keep-checkpoint.ts';
import type { StationCore } from './open-core.ts';
import { personOf } from './people.ts';
import { keyChainOf } from './rotate-key.ts';
import { refuseStationFile } from './station-files.ts';
import { version } from './version.ts';

export interface ExportRequest {
  readonly format: ExportFormat | ListFormat;
  readonly out: string;
  readonly workOrder?: string | undefined;
  /** Of the log: a verdict, or the change of an enrollment; of a list: the state of the newest outbox entry. */
  readonly state?: string | undefined;
  /** Epoch milliseconds: from this on, and before that. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** CSV of the log only; default: true. */
  readonly byteOrderMark?: boolean | undefined;
  /** Read back from the medium before the file gets its name; default: onto another device than the station's. */
  readonly verify?: boolean | undefined;
  readonly account: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

export interface ExportedAudit {
  readonly file: string;
  readonly format: ExportFormat | ListFormat;
  readonly origin: string;
  /** Entries of the log, of these in the file in full, and as a hash. */
  readonly size: number;
  readonly entries: number;
  readonly withheld: number;
  /** With a list of devices: how many, and the file beside it. */
  readonly devices?: number;
  readonly manifest?: string;
  /** Hex. */
  readonly rootHash: string;
  /** Signed note. */
  readonly checkpoint: string;
  readonly verifierKey: string;
  readonly rehearsal: boolean;
  /** `medium`: read back past the system's cache; `cache`: read back, but the system may have answered from memory. */
  readonly readBack?: 'medium' | 'cache';
}

/** What an export of either kind works with. */
export interface ExportJob {
  readonly file: string;
  readonly selection: Selection;
  /** Epoch milliseconds. */
  readonly madeAt: number;
  readonly readBack: boolean;
}

/** What an entry can say of itself, to select by. */
export const logStates = [
  'passed',
  'retest',
  'refused',
  'failed',
  'requested',
  'targeted',
  'retargeted',
  'enrolled',
  'conflict',
  'quarantined',
  'retried',
  'cancelled',
  'retired',
] as const;

export async function exportAudit(core: StationCore, request: ExportRequest): Promise<ExportedAudit> {
  const job = exportJob(core, request);
  return isLogFormat(request.format)
    ? exportLog(core, { ...request, format: request.format }, job)
    : exportList(core, { ...request, format: request.format }, job);
}

function isLogFormat(format: ExportFormat | ListFormat): format is ExportFormat {
  return (exportFormats as readonly string[]).includes(format);
}

function exportJob(core: StationCore, request: ExportRequest): ExportJob {
  const file = path.resolve(request.out);
  refuseStationFile(core.directory, file);
  const workOrder = shortText('work-order-invalid', request.workOrder);
  const { state, since, until } = request;
  return {
    file,
    selection: { state, workOrder: workOrder ?? undefined, since, until },
    madeAt: core.clock.read().at,
    readBack: request.verify ?? isOtherDevice(core.directory.path, file),
  };
}

async function exportLog(
  core: StationCore,
  request: ExportRequest & { readonly format: ExportFormat },
  { file, selection, madeAt, readBack }: ExportJob,
): Promise<ExportedAudit> {
  const { ledger, identity } = core;
  const { format, byteOrderMark } = request;
  const { state } = selection;
  if (state !== undefined && !(logStates as readonly string[]).includes(state))
    throw new StationError('export-state-unknown', `no entry of the log says ${JSON.stringify(state)}`);
  const size = ledger.audit.size();
  const result = await writeExport(
    {
      origin: identity.origin,
      rehearsal: core.rehearsal,
      size,
      entries: ledger.audit.iterate(0, size),
      checkpoints: ledger.checkpoints.ofLog(identity.logId).map(row => row.note),
      rotations: [...keyChainOf(core, identity.logId).rotations.values()],
    },
    { format, selection, madeAt, keyline: version, byteOrderMark, key: identity.key },
    file,
    { signal: request.signal, onProgress: request.onProgress, readBack },
  );
  const { checkpoint: note } = result;
  ledger.transaction(() => {
    ledger.checkpoints.insert({ log_id: identity.logId, size, note, made_at: madeAt });
    core.audit.append(identity, personOf(ledger, request.account, madeAt), {
      type: 'export',
      data: { format, size, ...stateSelection(selection) },
    });
  });
  keepOutside(core, note);
  return {
    file,
    format,
    origin: identity.origin,
    size,
    entries: result.entries,
    withheld: result.withheld,
    rootHash: result.rootHash.toString('hex'),
    checkpoint: note,
    verifierKey: result.verifierKey,
    rehearsal: core.rehearsal,
    ...readBackWord(result.readBack),
  };
}

export function readBackWord(seen: ReadBack | undefined): Pick<ExportedAudit, 'readBack'> {
  return seen ? { readBack: seen.pastCache ? 'medium' : 'cache' } : {};
}

/**
 * The audit log as a file that stands alone, signed at its end, or a list of devices with a signed manifest beside it
 * (rules A2, A4). That it left the station is itself recorded, once the file is on disk, together with its checkpoint.
 */
import path from 'node:path';
import { type ExportFormat, exportFormats } from '../../audit/export/assemble-export.ts';
import type { ListFormat } from '../../audit/export/device-list.ts';
import { stateSelection } from '../../audit/export/selection.ts';
import { writeExport } from '../../audit/export/write-export.ts';
import { entriesForExport } from '../archive/entries-for-export.ts';
import { givenArchives } from '../archive/resting-bytes.ts';
import { shortText } from '../attempt/harvest-device.ts';
import { StationError } from '../errors.ts';
import { keepOutside } from '../log/keep-checkpoint.ts';
import { keyChainOf } from '../log/log-keys.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { version } from '../version.ts';
import { exportList } from './export-list.ts';
import { isOtherDevice } from './export-medium.ts';
import { type ExportedAudit, type ExportJob, type ExportRequest, readBackWord } from './export-request.ts';
import { refuseStationFile } from './station-files.ts';

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

export type LogState = (typeof logStates)[number];

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
  const entries = entriesForExport(
    ledger,
    { log_id: identity.logId },
    { size, workOrder: selection.workOrder, given: givenArchives(ledger, request.archives ?? []) },
  );
  const result = await writeExport(
    {
      origin: identity.origin,
      rehearsal: core.rehearsal,
      size,
      entries,
      checkpoints: ledger.checkpoints.ofLog(identity.logId).map(row => row.note),
      rotations: [...keyChainOf(core, identity.logId).rotations.values()],
    },
    { format, selection, madeAt, keyline: version, byteOrderMark, key: identity.key },
    file,
    { signal: request.signal, onProgress: request.onProgress, readBack },
  );
  const { checkpoint: note } = result;
  await ledger.whenFree(() =>
    ledger.transaction(() => {
      ledger.checkpoints.insert({ log_id: identity.logId, size, note, made_at: madeAt });
      core.audit.append(identity, personOf(ledger, request.account, madeAt), {
        type: 'export',
        data: { format, size, ...stateSelection(selection) },
      });
    }),
  );
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

/** The devices in force as a list in another tool's form, with a manifest beside it that is signed (rule A4). */
import type { ListQuestion } from '../../../db/device-list.ts';
import type { OutboxRow } from '../../../db/rows.ts';
import {
  dpsBulk,
  type ListedKey,
  type ListFormat,
  limpetCsv,
  limpetJson,
} from '../../audit/export/device-list.ts';
import { stateSelection } from '../../audit/export/selection.ts';
import { type ListOrder, writeList } from '../../audit/export/write-list.ts';
import { StationError } from '../errors.ts';
import { type KeptCheckpoint, keepCheckpoint } from '../log/keep-checkpoint.ts';
import { keyChainOf } from '../log/log-keys.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { version } from '../version.ts';
import { type ExportedAudit, type ExportJob, type ExportRequest, readBackWord } from './export-request.ts';

const enrollmentStates: readonly string[] = [
  'queued',
  'sending',
  'enrolled',
  'conflict',
  'quarantined',
  'cancelled',
] satisfies readonly OutboxRow['state'][];

export async function exportList(
  core: StationCore,
  request: ExportRequest & { readonly format: ListFormat },
  { file, selection, madeAt, readBack }: ExportJob,
): Promise<ExportedAudit> {
  const { ledger, identity } = core;
  const { format } = request;
  const { workOrder, since, until, state } = selection;
  if (state !== undefined && !isEnrollmentState(state))
    throw new StationError('export-state-unknown', `no enrollment is ${JSON.stringify(state)}`);
  const filter = stateSelection(selection);
  let head: KeptCheckpoint | undefined;
  const order: Omit<ListOrder<never>, 'form'> = {
    format,
    most: ledger.counts.devices(),
    stated: async () => {
      head = await ledger.whenFree(() => keepCheckpoint(core));
      const { key, logId } = core.identity;
      const rotations = [...keyChainOf(core, logId).rotations.values()];
      return {
        log: {
          filter,
          madeAt: new Date(madeAt).toISOString(),
          keyline: version,
          rehearsal: core.rehearsal,
          origin: head.origin,
          size: head.size,
          checkpoint: head.note,
          ...(rotations.length > 0 ? { rotations } : {}),
        },
        key,
      };
    },
  };
  const options = { signal: request.signal, onProgress: request.onProgress, readBack };
  const question = { workOrder, since, until, enrollment: state };
  const { content, manifest, ...written } =
    format === 'dps-bulk'
      ? await writeList(documentsOf(core, question), { ...order, form: dpsBulk }, file, options)
      : await writeList(
          keysOf(core, question),
          { ...order, form: format === 'limpet-csv' ? limpetCsv : limpetJson },
          file,
          options,
        );
  const { origin, size, rootHash, note, verifierKey } = head!;
  const { devices: count, sha256 } = content;
  await ledger.whenFree(() =>
    ledger.transaction(() => {
      core.audit.append(identity, personOf(ledger, request.account, madeAt), {
        type: 'export',
        data: { format, size, ...filter, devices: count, sha256 },
      });
    }),
  );
  return {
    file,
    format,
    origin,
    size,
    entries: 0,
    withheld: 0,
    devices: count,
    manifest,
    rootHash,
    checkpoint: note,
    verifierKey,
    rehearsal: core.rehearsal,
    ...readBackWord(written.readBack),
  };
}

function* keysOf({ ledger }: StationCore, question: ListQuestion): Generator<ListedKey> {
  const { deviceLists } = ledger;
  const rows =
    question.enrollment === undefined ? deviceLists.keys(question) : deviceLists.enrollments(question);
  for (const row of rows) yield { registrationId: row.registration_id, endorsementKey: row.endorsement_key };
}

function* documentsOf({ ledger }: StationCore, question: ListQuestion): Generator<string> {
  for (const { document } of ledger.deviceLists.enrollments(question)) yield document;
}

function isEnrollmentState(state: string): state is OutboxRow['state'] {
  return enrollmentStates.includes(state);
}

/**
 * The thread that reads, judges and imports a file for the Batch screen, with a core of its own, so that the one that serves
 * the screen never waits. Its transactions are short and each is followed by a rest as long as itself: whoever records
 * beside it finds the ledger free.
 */
import { workerData } from 'node:worker_threads';
import { ImportNotes } from '../../../db/import-notes.ts';
import type { ColumnMapping } from '../../batch/columns.ts';
import { ImportFormError, readItems } from '../../batch/read-import.ts';
import { productOf } from '../configuration/load-configuration.ts';
import { ReportFile } from '../export/report-file.ts';
import { openCore } from '../open-core.ts';
import { answerAsks, tellProgress } from '../thread/answer-asks.ts';
import type { BatchCounts, BatchFile, BatchRow, BatchRowsQuestion, BatchSampleRow } from './batch-view.ts';
import { type ImportFile, importDevices, inspectForImport } from './import-devices.ts';
import { importVerdicts, readRow } from './import-row.ts';

export interface BatchThreadData {
  readonly dataDirectory: string;
}

export interface RunOrder {
  readonly file: string;
  readonly dryRun: boolean;
  readonly mapping?: ColumnMapping | undefined;
  readonly product?: string | undefined;
  readonly workOrder?: string | undefined;
  readonly account: string;
  readonly personId?: string | undefined;
}

export interface RunProgress {
  readonly done: number;
  readonly counts: BatchCounts;
  readonly made: number;
}

export interface Inspected {
  readonly file: BatchFile;
  readonly sample: readonly BatchSampleRow[];
  /** Why not one row can be read, where the columns are not known yet. */
  readonly fault?: string;
}

export type BatchAsk =
  | {
      readonly kind: 'inspect';
      readonly file: string;
      readonly mapping?: ColumnMapping | undefined;
      readonly product?: string | undefined;
    }
  | ({ readonly kind: 'run' } & RunOrder)
  | ({ readonly kind: 'rows' } & BatchRowsQuestion)
  | { readonly kind: 'report'; readonly place: string };

const SAMPLE_ROWS = 8;
const KEY_CHARACTERS = 28;
/** Some milliseconds of transaction. */
const ROWS_AT_ONCE = 32;
const LEAST_REST_MS = 4;
const PROGRESS_EVERY_MS = 150;
const reportColumns = ['row', 'verdict', 'code', 'serial', 'registrationId', 'keyForm', 'detail'] as const;

const core = openCore({ dataDirectory: (workerData as BatchThreadData).dataDirectory });
let notes: ImportNotes | undefined;
let stopping = new AbortController();

async function inspect(
  path: string,
  mapping: ColumnMapping | undefined,
  product: string | undefined,
): Promise<Inspected> {
  const found = await inspectForImport(core, path, mapping);
  const file = fileOf(found);
  try {
    return { file, sample: await sampleOf(found, product) };
  } catch (error) {
    if (!(error instanceof ImportFormError)) throw error;
    return { file, sample: [], fault: error.message };
  }
}

function fileOf({ form, encoding, delimiter, columns, mapping, remembered, origin }: ImportFile): BatchFile {
  return {
    form,
    encoding,
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(columns === undefined ? {} : { columns: columns.slice(0, 100).map(name => name.slice(0, 100)) }),
    ...(mapping === undefined ? {} : { mapping }),
    ...(remembered === undefined ? {} : { remembered }),
    ...(origin === undefined ? {} : { origin }),
  };
}

async function sampleOf(file: ImportFile, product: string | undefined): Promise<readonly BatchSampleRow[]> {
  const rows: BatchSampleRow[] = [];
  const setting = {
    product: product === undefined ? undefined : productOf(core.configuration, product),
    workOrder: null,
  };
  for await (const items of readItems(file, { mapping: file.mapping }))
    for (const item of items) {
      if (item.kind === 'passed-over') continue;
      if (item.kind === 'bad')
        rows.push({
          row: item.row,
          serial: null,
          registrationId: null,
          key: '',
          code: 'row-unreadable',
          detail: item.detail,
        });
      else {
        const read = readRow(core, item.row, setting);
        const { serial, registrationId, endorsementKey } = item.row;
        rows.push({
          row: item.row.row,
          serial: serial?.slice(0, 128) ?? null,
          registrationId: registrationId?.slice(0, 128) ?? null,
          key: endorsementKey.slice(0, KEY_CHARACTERS),
          ...('verdict' in read
            ? { code: read.code, ...(read.detail === undefined ? {} : { detail: read.detail }) }
            : { keyForm: read.imported.source?.keyForm ?? 'tpm2b-public' }),
        });
      }
      if (rows.length === SAMPLE_ROWS) return rows;
    }
  return rows;
}

async function run(order: RunOrder): Promise<RunProgress & { readonly stopped: boolean }> {
  stopping = new AbortController();
  const { signal } = stopping;
  notes?.close();
  notes = new ImportNotes(core.directory.path);
  const counts = Object.fromEntries(importVerdicts.map(kind => [kind, 0])) as Record<
    keyof BatchCounts,
    number
  >;
  let made = 0;
  let done = 0;
  let toldAt = 0;
  let rested = performance.now();
  const progress = (): RunProgress => ({ done, counts: { ...counts }, made });
  const rest = async () => {
    const worked = performance.now() - rested;
    const pause = order.dryRun ? 0 : Math.max(LEAST_REST_MS, worked);
    // Also what was asked meanwhile has its turn.
    await new Promise(resolve => (pause === 0 ? setImmediate(resolve) : setTimeout(resolve, pause)));
    rested = performance.now();
    if (rested - toldAt < PROGRESS_EVERY_MS) return;
    toldAt = rested;
    tellProgress(progress());
  };
  const { file, ...request } = order;
  const onProgress = (bytes: number) => {
    done = bytes;
  };
  for await (const verdict of importDevices(core, file, {
    ...request,
    signal,
    onProgress,
    rest,
    rowsAtOnce: ROWS_AT_ONCE,
  })) {
    counts[verdict.verdict] += 1;
    if (verdict.keyForm !== undefined) made += 1;
    notes.addVerdict(verdict.verdict, JSON.stringify(verdict));
  }
  return { ...progress(), stopped: signal.aborted };
}

function rows({ verdict, limit, after = 0 }: BatchRowsQuestion): readonly BatchRow[] {
  return (notes?.verdicts(limit, after, verdict) ?? []).map(noted => ({
    number: noted.number,
    ...JSON.parse(noted.verdict),
  }));
}

async function report(place: string): Promise<void> {
  const file = new ReportFile(place, reportColumns);
  for (
    let page = rows({ limit: 500 });
    page.length > 0;
    page = rows({ limit: 500, after: page.at(-1)!.number })
  ) {
    for (const row of page) file.add(row);
    await new Promise(resolve => setImmediate(resolve));
  }
  file.end();
}

function answer(ask: BatchAsk): unknown {
  switch (ask.kind) {
    case 'inspect':
      return inspect(ask.file, ask.mapping, ask.product);
    case 'run': {
      const { kind: _kind, ...order } = ask;
      return run(order);
    }
    case 'rows':
      return rows(ask);
    case 'report':
      return report(ask.place);
  }
}

answerAsks<BatchAsk>({
  answer,
  refused: error => (error instanceof ImportFormError ? error.message : undefined),
  stop: () => stopping.abort(),
});

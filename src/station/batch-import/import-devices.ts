/**
 * Batch enrollment: each row of a file becomes a device, an outbox entry and an audit entry, origin `imported`, possession
 * not tested (rules O1, H6). Rows go into the ledger some hundreds to a transaction, and are told of when it is on disk, so that
 * a killed import is gone on with by importing the file again. A dry run judges by the same rules and writes nothing. A
 * row's registration id is only compared with the derived one (rule H3).
 */
import { randomUUID } from 'node:crypto';
import { ImportNotes } from '../../../db/import-notes.ts';
import { verifyExport } from '../../audit/verify/verify-export.ts';
import type { ColumnMapping } from '../../batch/columns.ts';
import { type InspectedImport, inspectImport } from '../../batch/inspect-import.ts';
import { ImportFormError, type ImportItem, readItems } from '../../batch/read-import.ts';
import type { Attempt } from '../attempt/attempt.ts';
import { shortText } from '../attempt/harvest-device.ts';
import { type Judged, judgeAttempt } from '../attempt/judge-attempt.ts';
import { recordInTransaction } from '../attempt/record-attempt.ts';
import { productOf } from '../configuration/load-configuration.ts';
import type { StationCore } from '../open-core.ts';
import { rememberColumns, rememberedColumns } from './import-columns.ts';
import { type FileSetting, type ImportVerdict, type ReadRow, readRow } from './import-row.ts';

export type { ImportVerdict, ImportVerdictKind } from './import-row.ts';

export interface ImportRequest {
  readonly dryRun: boolean;
  readonly product?: string | undefined;
  readonly workOrder?: string | undefined;
  /** Counts before what the header says and what was remembered of it; remembered in its turn. */
  readonly mapping?: ColumnMapping | undefined;
  readonly account: string;
  /** Who signed in at the kiosk; counts before the account. */
  readonly personId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What the file is, before its first row. */
  readonly onFile?: ((file: ImportFile) => void) | undefined;
  /** Bytes read of all. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
  /** Rows of one transaction, at most; fewer where something else records beside it. */
  readonly rowsAtOnce?: number | undefined;
  /** Awaited behind each of them. */
  readonly rest?: (() => Promise<void>) | undefined;
}

/** A file as an import takes it. */
export interface ImportFile extends InspectedImport {
  /** Of tables: which column is which. */
  readonly mapping?: ColumnMapping;
  /** It is not by the names alone, but was said before for this header. */
  readonly remembered?: boolean;
}

/** Rows of one transaction, at first and at most: some tens of milliseconds. What a disk has room for is told of soon. */
const FIRST_ROWS = 8;
const MOST_ROWS = 256;

/** @throws ImportFormError before anything is recorded where the file cannot be cut into rows to its end */
export async function* importDevices(
  core: StationCore,
  path: string,
  request: ImportRequest,
): AsyncGenerator<ImportVerdict> {
  const product = request.product === undefined ? undefined : productOf(core.configuration, request.product);
  const workOrder = shortText('work-order-invalid', request.workOrder);
  const file = await inspectForImport(core, path, request.mapping);
  request.onFile?.(file);
  const log = await logOf(file);
  const retiredAt = await readOnce(file, request.signal);
  const notes = new ImportNotes(core.directory.path);
  try {
    const importer = new RowImporter(core, notes, request, { product, workOrder, log }, retiredAt);
    let rowsAtOnce = FIRST_ROWS;
    const onRead = (bytes: number) => request.onProgress?.(bytes, file.size);
    for await (const items of readItems(file, { mapping: file.mapping, onRead }))
      for (let at = 0; at < items.length; ) {
        if (request.signal?.aborted) return;
        const rows = items.slice(at, at + rowsAtOnce);
        yield* importer.take(rows);
        at += rows.length;
        rowsAtOnce = Math.min(rowsAtOnce * 2, request.rowsAtOnce ?? MOST_ROWS);
        await request.rest?.();
      }
    if (request.mapping && file.columns && !request.dryRun)
      rememberColumns(core.directory, file.columns, request.mapping);
  } finally {
    notes.close();
  }
}

/** Where nobody says which column is which, it is as it was said before of the same header. */
export async function inspectForImport(
  core: StationCore,
  path: string,
  said?: ColumnMapping,
): Promise<ImportFile> {
  const inspected = await inspectImport(path);
  if (!inspected.columns) return said ? { ...inspected, mapping: said } : inspected;
  const before = said ? undefined : rememberedColumns(core.directory, inspected.columns);
  return {
    ...inspected,
    mapping: { ...inspected.known, ...before, ...said },
    ...(before ? { remembered: true } : {}),
  };
}

/** Of a Keyline export: the log it shows. One that is sealed must be what the station wrote (rule A3). */
async function logOf(file: ImportFile): Promise<FileSetting['log']> {
  if (!isExport(file)) return undefined;
  const verdict = await verifyExport(file.file);
  if (verdict.ok) return { origin: verdict.origin, sealed: true };
  // A spreadsheet saved it, or its end is missing: no seal speaks for it, and each row stands for itself.
  if (verdict.problem === 'not-an-export' || verdict.problem === 'truncated')
    return file.origin === undefined ? undefined : { origin: file.origin, sealed: false };
  const place = verdict.line === undefined ? '' : ` (line ${verdict.line})`;
  throw new ImportFormError(
    `${file.file} is an audit export that was changed after it was sealed${place}: ${verdict.detail}`,
  );
}

/**
 * The forms that can turn out in the middle to be none are read to their end before anything is recorded; exports also
 * to know which of their devices left service, and in which row they did.
 */
async function readOnce(
  file: ImportFile,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, number>> {
  const retiredAt = new Map<string, number>();
  if (file.form !== 'json' && !isExport(file)) return retiredAt;
  for await (const items of readItems(file, { mapping: file.mapping })) {
    if (signal?.aborted) break;
    for (const item of items)
      if (item.kind === 'passed-over' && item.retired !== undefined) retiredAt.set(item.retired, item.row);
  }
  return retiredAt;
}

const isExport = ({ form }: ImportFile): boolean => form.startsWith('keyline-');

class RowImporter {
  readonly #core: StationCore;
  readonly #notes: ImportNotes;
  readonly #request: ImportRequest;
  readonly #setting: FileSetting;
  readonly #retiredAt: ReadonlyMap<string, number>;

  constructor(
    core: StationCore,
    notes: ImportNotes,
    request: ImportRequest,
    setting: FileSetting,
    retiredAt: ReadonlyMap<string, number>,
  ) {
    this.#core = core;
    this.#notes = notes;
    this.#request = request;
    this.#setting = setting;
    this.#retiredAt = retiredAt;
  }

  /** What it gives is on disk, unless it is a dry run. */
  take(items: readonly ImportItem[]): ImportVerdict[] {
    const rows = items.flatMap(item => this.#read(item));
    const judge = () =>
      rows.map(row => ('verdict' in row ? row : toldOf(row, this.#judgeInFile(row) ?? this.#judge(row))));
    const { ledger } = this.#core;
    return this.#request.dryRun ? ledger.atOneMoment(judge) : ledger.transaction(judge);
  }

  #read(item: ImportItem): readonly (ReadRow | ImportVerdict)[] {
    if (item.kind === 'passed-over') return [];
    if (item.kind === 'bad')
      return [{ row: item.row, verdict: 'bad', code: 'row-unreadable', detail: item.detail }];
    const retired = this.#retiredAt.get(item.row.registrationId ?? '');
    if (retired !== undefined && retired > item.row.row) return [];
    return [readRow(this.#core, item.row, this.#setting)];
  }

  /** A device that stood in the file before; in a dry run the file's own rows also stand in for what would be recorded. */
  #judgeInFile(read: ReadRow): RowJudgement | undefined {
    const { ekSha256, registrationId } = read.imported.key;
    const product = read.product.name;
    const before = this.#notes.key(ekSha256);
    if (before?.product === product && (before.serial === read.serial || read.serial === null))
      return {
        verdict: 'duplicate',
        code: 'duplicate-in-file',
        detail: `as row ${before.row}`,
        registrationId,
      };
    if (!this.#request.dryRun) return undefined;
    const { devices } = this.#core.ledger;
    // Of a device that the ledger knows by this key, it says more.
    if (!before && (devices.byEkSha256(ekSha256)?.serial ?? null) !== null) return undefined;
    const refused = (code: string, detail: string): RowJudgement => ({ verdict: 'refused', code, detail });
    if (before && before.product !== product)
      return refused('other-product', `also in this file, of product ${before.product}`);
    if (before && before.serial !== null) return refused('clone', `also in this file as ${before.serial}`);
    if (read.serial !== null && this.#notes.hasOtherKey(read.serial, product, ekSha256))
      return refused('serial-has-other-key', 'also in this file with another key');
    if (!before) return undefined;
    if (read.serial !== null && devices.bySerial(read.serial, product))
      return refused('serial-has-other-key', 'the ledger has it with another key');
    this.#notes.note(ekSha256, { ...before, serial: read.serial });
    return { verdict: 'known', code: 'serial-added', registrationId };
  }

  #judge(read: ReadRow): RowJudgement {
    const { row, serial, product, workOrder } = read;
    const attempt: Attempt = {
      harvestId: randomUUID(),
      serial,
      product,
      workOrder,
      fixture: null,
      bridge: null,
      account: this.#request.account,
      personId: this.#request.personId,
      statedOperator: null,
      durationMs: 0,
      finding: read.imported,
    };
    const judged = judgeAttempt(this.#core, attempt);
    // What is there already needs no second record: an import that is done again changes nothing.
    const nothingNew = judged.verdict === 'retest' && !judged.namesSerial;
    if (!this.#request.dryRun && !nothingNew) recordInTransaction(this.#core, attempt, judged);
    const noted = { row, product: product.name };
    const { ekSha256 } = read.imported.key;
    if (judged.verdict === 'passed' || judged.namesSerial) this.#notes.note(ekSha256, { ...noted, serial });
    else if (nothingNew)
      this.#notes.note(ekSha256, {
        ...noted,
        serial: this.#core.ledger.devices.get(judged.deviceId!)?.serial ?? null,
      });
    return judgementOf(judged);
  }
}

type RowJudgement = Pick<ImportVerdict, 'verdict' | 'code' | 'detail' | 'registrationId'>;

function judgementOf({ verdict, code, detail, registrationId, namesSerial }: Judged): RowJudgement {
  const more = {
    ...(detail === undefined ? {} : { detail }),
    ...(registrationId === undefined ? {} : { registrationId }),
  };
  if (verdict === 'passed') return { verdict: 'imported', code: 'imported', ...more };
  if (verdict === 'retest')
    return { verdict: 'known', code: namesSerial ? 'serial-added' : 'already-recorded', ...more };
  return { verdict: 'refused', code, ...more };
}

function toldOf(read: ReadRow, judgement: RowJudgement): ImportVerdict {
  const { keyForm } = read.imported.source ?? {};
  return {
    row: read.row,
    ...judgement,
    ...(read.serial === null ? {} : { serial: read.serial }),
    ...(keyForm === undefined ? {} : { keyForm }),
  };
}

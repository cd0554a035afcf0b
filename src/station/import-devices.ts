/**
 * Batch enrollment: each row of a file becomes a device, an outbox entry and an audit entry in a transaction of its own,
 * origin `imported`, possession not tested (rules O1, H6). A dry run judges by the same rules and writes nothing.
 * A row's registration id is only compared with the derived one (rule H3).
 */
import { createHash, randomUUID } from 'node:crypto';
import { type ImportRow, readImport } from '../batch/read-import.ts';
import { parseEndorsementKeyText } from '../enrollment/endorsement-key-text.ts';
import { deriveRegistrationId } from '../enrollment/registration-id.ts';
import { checkSerial } from '../enrollment/serial.ts';
import type { ImportedKey } from './attempt.ts';
import type { ProductConfiguration } from './configuration.ts';
import { shortText } from './harvest-device.ts';
import { type Judged, judgeAttempt } from './judge-attempt.ts';
import { productOf } from './load-configuration.ts';
import type { StationCore } from './open-core.ts';
import { recordAttempt } from './record-attempt.ts';

export interface ImportRequest {
  readonly dryRun: boolean;
  readonly product?: string | undefined;
  readonly workOrder?: string | undefined;
  readonly account: string;
  readonly signal?: AbortSignal | undefined;
}

export interface ImportVerdict {
  readonly row: number;
  /** `bad`: the row cannot be read; `refused`: a rule is against it; `known`: already recorded, also earlier in this file. */
  readonly verdict: 'imported' | 'known' | 'refused' | 'bad';
  readonly code: string;
  readonly detail?: string;
  readonly serial?: string;
  readonly registrationId?: string;
}

export async function* importDevices(
  core: StationCore,
  file: string,
  request: ImportRequest,
): AsyncGenerator<ImportVerdict> {
  const product = productOf(core.configuration, request.product);
  const workOrder = shortText('work-order-invalid', request.workOrder);
  const seen = request.dryRun ? new SeenInFile() : undefined;
  for await (const item of readImport(file)) {
    if (request.signal?.aborted) return;
    if (item.kind === 'passed-over') continue;
    if (item.kind === 'bad') {
      yield { row: item.row, verdict: 'bad', code: 'row-unreadable', detail: item.detail };
      continue;
    }
    if (item.row.rehearsal && !core.rehearsal) {
      const detail = 'this row comes from the export of a rehearsal';
      yield { row: item.row.row, verdict: 'refused', code: 'rehearsal-export', detail };
      continue;
    }
    const read = readRow(item.row, product);
    yield 'verdict' in read
      ? read
      : importRow(core, read, { product, workOrder, account: request.account, seen });
  }
}

interface ReadRow {
  readonly row: number;
  readonly serial: string | null;
  readonly imported: ImportedKey;
}

function readRow(row: ImportRow, product: ProductConfiguration): ReadRow | ImportVerdict {
  const bad = (code: string, detail: string): ImportVerdict => ({
    row: row.row,
    verdict: 'bad',
    code,
    detail,
    ...(row.serial === null ? {} : { serial: row.serial.slice(0, 128) }),
  });
  const key = parseEndorsementKeyText(row.endorsementKey);
  if (!key.ok) return bad(`ek-${key.code}`, key.detail);
  let serial: string | null = null;
  if (row.serial !== null) {
    const checked = checkSerial(row.serial, product);
    if (!checked.ok) return bad(checked.code, checked.detail);
    serial = checked.serial;
  }
  return {
    row: row.row,
    serial,
    imported: {
      outcome: 'imported',
      key: {
        endorsementKey: Buffer.from(key.bytes).toString('base64'),
        ekSha256: createHash('sha256').update(key.bytes).digest('hex'),
        registrationId: deriveRegistrationId(key.bytes),
        ekTemplate: key.ekTemplate,
      },
      statedRegistrationId: row.registrationId,
      warnings: [],
    },
  };
}

function importRow(
  core: StationCore,
  read: ReadRow,
  of: {
    readonly product: ProductConfiguration;
    readonly workOrder: string | null;
    readonly account: string;
    readonly seen: SeenInFile | undefined;
  },
): ImportVerdict {
  const attempt = {
    harvestId: randomUUID(),
    serial: read.serial,
    product: of.product,
    workOrder: of.workOrder,
    fixture: null,
    bridge: null,
    account: of.account,
    statedOperator: null,
    durationMs: 0,
    finding: read.imported,
  } as const;
  const judged =
    of.seen?.judge(read) ?? (of.seen ? judgeAttempt(core, attempt) : recordAttempt(core, attempt));
  if (judged.verdict === 'passed') of.seen?.remember(read);
  const verdict =
    judged.verdict === 'passed' ? 'imported' : judged.verdict === 'retest' ? 'known' : 'refused';
  return {
    row: read.row,
    verdict,
    code:
      verdict === 'imported'
        ? 'imported'
        : verdict === 'known'
          ? judged.namesSerial
            ? 'serial-added'
            : 'already-recorded'
          : judged.code,
    ...(judged.detail === undefined ? {} : { detail: judged.detail }),
    ...(read.serial === null ? {} : { serial: read.serial }),
    ...(judged.registrationId === undefined ? {} : { registrationId: judged.registrationId }),
  };
}

/** In a dry run nothing is in the ledger for the next row to meet: the file's own rows stand in for it. */
class SeenInFile {
  readonly #serialOfKey = new Map<string, string | null>();
  readonly #keyOfSerial = new Map<string, string>();

  judge(
    read: ReadRow,
  ): Pick<Judged, 'verdict' | 'code' | 'detail' | 'registrationId' | 'namesSerial'> | undefined {
    const { ekSha256 } = read.imported.key;
    const serial = this.#serialOfKey.get(ekSha256);
    if (serial !== undefined) {
      return serial === read.serial || read.serial === null
        ? { verdict: 'retest', code: 'retest' }
        : {
            verdict: 'refused',
            code: 'clone',
            detail: `also in this file as ${serial ?? 'a device without a serial'}`,
          };
    }
    const other = read.serial === null ? undefined : this.#keyOfSerial.get(read.serial);
    if (other === undefined) return undefined;
    return { verdict: 'refused', code: 'serial-has-other-key', detail: 'also in this file with another key' };
  }

  remember(read: ReadRow): void {
    this.#serialOfKey.set(read.imported.key.ekSha256, read.serial);
    if (read.serial !== null) this.#keyOfSerial.set(read.serial, read.imported.key.ekSha256);
  }
}

/** One row of an imported file before the ledger is asked: the key made into TPM2B_PUBLIC, the serial by its product's rules. */
import { createHash } from 'node:crypto';
import type { ImportRow } from '../../batch/read-import.ts';
import { type EndorsementKeyForm, readEndorsementKey } from '../../enrollment/endorsement-key-forms.ts';
import { deriveRegistrationId } from '../../enrollment/registration-id.ts';
import { checkSerial } from '../../enrollment/serial.ts';
import type { ImportedKey } from '../attempt/attempt.ts';
import { shortText } from '../attempt/harvest-device.ts';
import type { ProductConfiguration } from '../configuration/configuration.ts';
import { productOf } from '../configuration/load-configuration.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';

export const importVerdicts = ['imported', 'duplicate', 'known', 'refused', 'bad'] as const;
/**
 * `duplicate`: the same device stood in this file before; `known`: it was recorded before; `refused`: a rule is against
 * it; `bad`: the row cannot be read.
 */
export type ImportVerdictKind = (typeof importVerdicts)[number];

export interface ImportVerdict {
  /** 1-based line, or item of a JSON list. */
  readonly row: number;
  readonly verdict: ImportVerdictKind;
  readonly code: string;
  readonly detail?: string;
  readonly serial?: string;
  readonly registrationId?: string;
  /** How the file had the key, where it was not TPM2B_PUBLIC: it was made by template L-1, or its size was put before it. */
  readonly keyForm?: EndorsementKeyForm;
}

export interface ReadRow {
  readonly row: number;
  readonly serial: string | null;
  readonly product: ProductConfiguration;
  readonly workOrder: string | null;
  readonly imported: ImportedKey;
}

/** What holds for all rows of a file. */
export interface FileSetting {
  /** As asked for; absent: as the row has it, or the current one. */
  readonly product: ProductConfiguration | undefined;
  readonly workOrder: string | null;
  /** The log of a Keyline export, and whether its seal was found whole. */
  readonly log?: { readonly origin: string; readonly sealed: boolean } | undefined;
}

export function readRow(core: StationCore, row: ImportRow, setting: FileSetting): ReadRow | ImportVerdict {
  const named = row.serial === null ? {} : { serial: row.serial.slice(0, 128) };
  const bad = (code: string, detail: string): ImportVerdict => ({
    row: row.row,
    verdict: 'bad',
    code,
    detail,
    ...named,
  });
  if (row.rehearsal && !core.rehearsal) {
    const detail = 'this row comes from the export of a rehearsal';
    return { row: row.row, verdict: 'refused', code: 'rehearsal-export', detail, ...named };
  }
  const place = placeOf(core, row, setting);
  if ('code' in place)
    return { row: row.row, verdict: 'refused', code: place.code, detail: place.detail, ...named };
  const key = readEndorsementKey(row.endorsementKey);
  if (!key.ok) return bad(`ek-${key.code}`, key.detail);
  let serial: string | null = null;
  if (row.serial !== null) {
    const checked = checkSerial(row.serial, place.product);
    if (!checked.ok) return bad(checked.code, checked.detail);
    serial = checked.serial;
  }
  const source = {
    ...(key.form === 'tpm2b-public' ? {} : { keyForm: key.form }),
    ...(setting.log && { log: setting.log.origin, logSealed: setting.log.sealed }),
  };
  return {
    row: row.row,
    serial,
    ...place,
    imported: {
      outcome: 'imported',
      key: {
        endorsementKey: Buffer.from(key.bytes).toString('base64'),
        ekSha256: createHash('sha256').update(key.bytes).digest('hex'),
        registrationId: deriveRegistrationId(key.bytes),
        ekTemplate: key.ekTemplate,
      },
      statedRegistrationId: row.registrationId,
      ...(Object.keys(source).length === 0 ? {} : { source }),
      warnings: [],
    },
  };
}

type Place = Pick<ReadRow, 'product' | 'workOrder'>;

function placeOf(
  core: StationCore,
  row: ImportRow,
  setting: FileSetting,
): Place | { readonly code: string; readonly detail: string } {
  try {
    return {
      product: setting.product ?? productOf(core.configuration, row.product ?? undefined),
      workOrder: setting.workOrder ?? shortText('work-order-invalid', row.workOrder ?? undefined),
    };
  } catch (error) {
    if (!(error instanceof StationError)) throw error;
    return { code: error.code, detail: error.message };
  }
}

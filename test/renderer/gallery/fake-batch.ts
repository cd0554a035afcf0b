/** A batch that lives in the page: it takes any file for a list of 1,200 keys, and runs through it in steps. */
import type {
  BatchAnswer,
  BatchPiece,
  BatchRow,
  BatchRowsQuestion,
  BatchSetting,
  BatchView,
  ImportVerdictKind,
} from '../../../src/api/contract.ts';

const rows = 1_200;
const stepMs = 60;
const products = ['Gateway G2', 'Sensor S1'];

/** One of every kind, over and over; most are imported. */
function fakeRow(number: number): BatchRow {
  const row = number + 1;
  const serial = `KL26-${String(number).padStart(8, '0')}`;
  if (number % 97 === 0)
    return {
      number,
      row,
      serial,
      verdict: 'bad',
      code: 'ek-host-order-struct',
      detail:
        'this is a memory dump of an old tpm2-tools (numbers in host order); export the key again in TSS form',
    };
  if (number % 61 === 0)
    return {
      number,
      row,
      serial,
      verdict: 'refused',
      code: 'clone',
      detail: 'the ledger has KL26-00000001 (product Gateway G2)',
    };
  if (number % 53 === 0)
    return {
      number,
      row,
      serial,
      verdict: 'duplicate',
      code: 'duplicate-in-file',
      detail: `as row ${row - 1}`,
    };
  if (number % 41 === 0) return { number, row, serial, verdict: 'known', code: 'already-recorded' };
  return {
    number,
    row,
    serial,
    verdict: 'imported',
    code: 'imported',
    registrationId: `reg-${number}`.padEnd(52, 'x'),
    keyForm: 'modulus',
  };
}

export function fakeBatch() {
  let kept: Omit<BatchView, 'products'> = { state: 'empty' };
  let told = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const view = (): BatchView => ({ ...kept, products });
  const answer = (): BatchAnswer => ({ ok: true, batch: view() });

  const look = (setting: BatchSetting = {}) => {
    const { name = '', size = 0 } = kept;
    const mapping = {
      serial: 'S/N',
      ...(name.includes('maker') ? {} : { ek: 'EK modulus' }),
      ...setting.mapping,
    };
    const fault =
      mapping.ek === undefined ? `${name} has no column "endorsementKey" in its first line` : undefined;
    kept = {
      state: 'read',
      name,
      size,
      ...(setting.product !== undefined && { product: setting.product }),
      ...(setting.workOrder !== undefined && { workOrder: setting.workOrder }),
      file: {
        form: 'csv',
        encoding: 'cp949',
        delimiter: ';',
        columns: ['S/N', 'Chip', 'EK modulus', 'EK certificate URL', 'Lot'],
        mapping,
      },
      sample: fault
        ? []
        : Array.from({ length: 8 }, (_, n) => ({
            row: n + 2,
            serial: n === 5 ? null : `KL26-${String(n + 1).padStart(8, '0')}`,
            registrationId: null,
            key: 'C9A3F0D1775B0A13E2C4D8F90011',
            ...(n === 5
              ? { code: 'row-unreadable', detail: 'no endorsement key in this row' }
              : { keyForm: 'modulus' as const }),
          })),
      ...(fault === undefined ? {} : { fault }),
    };
  };

  const run = ({ dryRun }: { readonly dryRun: boolean }) => {
    const counts: Record<ImportVerdictKind, number> = {
      imported: 0,
      duplicate: 0,
      known: 0,
      refused: 0,
      bad: 0,
    };
    const size = kept.size ?? 0;
    told = 0;
    const { fault: _fault, report: _report, stopped: _stopped, ...before } = kept;
    kept = { ...before, state: dryRun ? 'checking' : 'importing', done: 0, counts, made: 0 };
    clearInterval(timer);
    timer = setInterval(() => {
      for (let n = 0; n < 200 && told < rows; n += 1) {
        told += 1;
        counts[fakeRow(told).verdict] += 1;
      }
      kept = {
        ...kept,
        done: Math.round((size * told) / rows),
        counts: { ...counts },
        made: counts.imported,
      };
      if (told < rows) return;
      clearInterval(timer);
      kept = { ...kept, state: dryRun ? 'checked' : 'imported', stopped: false };
    }, stepMs);
    return answer();
  };

  return {
    readBatch: view,
    sendBatchFile: ({ name, size, at, data }: BatchPiece): BatchAnswer => {
      if (name.includes('huge')) return { ok: false, code: 'batch-too-large' };
      kept = { state: 'receiving', name, size, done: at + atob(data).length };
      if (kept.done! >= size) look();
      return answer();
    },
    setBatch: (setting: BatchSetting) => {
      look(setting);
      return answer();
    },
    runBatch: run,
    stopBatch: () => {
      clearInterval(timer);
      kept = { ...kept, state: kept.state === 'checking' ? 'checked' : 'imported', stopped: true };
      return answer();
    },
    listBatchRows: ({ verdict, limit, after = 0 }: BatchRowsQuestion): readonly BatchRow[] => {
      const found: BatchRow[] = [];
      for (let number = after + 1; number <= told && found.length < limit; number += 1) {
        const row = fakeRow(number);
        if (verdict === undefined || row.verdict === verdict) found.push(row);
      }
      return found;
    },
    saveBatchReport: () => {
      kept = {
        ...kept,
        report: '/home/line/.local/share/keyline/reports/import-2026-11-22T03-10-00-000Z-keys-csv.csv',
      };
      return answer();
    },
    discardBatch: () => {
      clearInterval(timer);
      kept = { state: 'empty' };
      return answer();
    },
  };
}

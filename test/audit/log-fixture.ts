/** A made-up log with every type of entry, and exports of it, for the tests of src/audit. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { signCheckpoint } from '../../src/audit/checkpoint.ts';
import { type AuditEntry, makeEntry } from '../../src/audit/entry.ts';
import type { ExportFormat, ExportSource } from '../../src/audit/export/assemble-export.ts';
import type { Selection } from '../../src/audit/export/selection.ts';
import { writeExport } from '../../src/audit/export/write-export.ts';
import { rootOf } from '../../src/audit/merkle.ts';
import { generateStationKey, type StationKey, stationKeyFromSecret } from '../../src/audit/station-key.ts';

export const origin = 'station-1/log-1';
export const noon = Date.UTC(2026, 10, 20, 12);

export interface Row {
  readonly idx: number;
  readonly entry: Buffer;
  readonly leaf_hash: Buffer;
}

export interface Log extends ExportSource {
  readonly key: StationKey;
  readonly rows: readonly Row[];
  readonly entries: readonly Row[];
}

type Content = AuditEntry extends infer Entry
  ? Entry extends AuditEntry
    ? Pick<Entry, 'type' | 'data'>
    : never
  : never;

/** Entry 0 starts the log; then harvests of work orders W-0 and W-1 in turn, each tenth entry of another type. */
function contentOf(index: number, verifierKey: string): Content {
  if (index === 0) {
    return {
      type: 'log-started',
      data: { stationId: 'station-1', logId: 'log-1', verifierKey, version: '0.1.0' },
    };
  }
  const harvestId = `h-${index}`;
  if (index % 10 === 9) {
    const data = {
      entryId: `e-${index}`,
      registrationId: `r-${index}`,
      harvestId,
      change: 'enrolled',
      how: 'acknowledged',
    } as const;
    return { type: 'enrollment', data };
  }
  return {
    type: 'harvest',
    data: {
      harvestId,
      serial: serials[index % serials.length]!,
      product: 'default',
      workOrder: `W-${index % 2}`,
      verdict: 'passed',
      code: 'passed',
      registrationId: `r-${index}`,
      endorsementKey: Buffer.alloc(60, index).toString('base64'),
      ekSha256: Buffer.alloc(32, index).toString('hex'),
      ekTemplate: 'L-1',
      warnings: ['certificate-unchecked', 'simulator'],
      possession: 'not-tested',
      fixture: 'F1',
      bridge: 'swtpm',
      certificate: { status: 'unchecked' },
      durationMs: 850,
    },
  };
}

/** Serials as lines have them, and as an attacker would. */
const serials = [
  'SN-1',
  '=HYPERLINK("http://x")',
  '-2+3',
  "'quoted",
  '@SUM(A1)',
  'a,"b"\r\nc',
  '한글-7',
  '\t8',
  '+9',
  '＝1',
];

export function logOf(
  size: number,
  options: { readonly rehearsal?: boolean; readonly secret?: string } = {},
): Log {
  const rehearsal = options.rehearsal ?? false;
  const key = stationKeyFromSecret(options.secret ?? generateStationKey(), origin);
  const rows = Array.from({ length: size }, (_, index) => {
    const { bytes, leafHash } = makeEntry({
      origin,
      index,
      at: noon + index * 1000,
      bootId: 'boot-1',
      monotonicMs: index * 1000,
      clock: 'synced',
      personId: 'p-1',
      rehearsal,
      ...contentOf(index, key.verifierKey),
    });
    return { idx: index, entry: bytes, leaf_hash: leafHash };
  });
  return { origin, rehearsal, size, rows, entries: rows, checkpoints: [], key };
}

/** The signed note over the first `size` entries. */
export function checkpointOf(log: Log, size: number = log.size): string {
  const rootHash = rootOf(log.rows.slice(0, size).map(row => row.leaf_hash));
  return signCheckpoint(log.key, { origin: log.origin, size, rootHash });
}

export function directoryFor(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'keyline-audit-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Writes an export into a directory of the test's own. @returns its path */
export async function exportTo(
  t: TestContext,
  log: Log,
  format: ExportFormat,
  selection: Selection = {},
): Promise<string> {
  const path = join(directoryFor(t), `audit.${format}`);
  await writeExport(log, { format, selection, madeAt: noon, keyline: '0.1.0', key: log.key }, path);
  return path;
}

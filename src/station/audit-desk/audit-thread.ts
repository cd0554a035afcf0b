/**
 * The thread that writes, verifies and looks for the Audit screen, with a core of its own: a large log, a slow stick and a share
 * that does not answer hold up nobody at the station.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import { workerData } from 'node:worker_threads';
import { LedgerError } from '../../../db/errors.ts';
import { statedCheckpoint } from '../../audit/checkpoint.ts';
import { AuditError } from '../../audit/errors.ts';
import { StationError } from '../errors.ts';
import { writePassport } from '../export/device-passport.ts';
import { exportAudit } from '../export/export-audit.ts';
import { checkpointFolders } from '../log/checkpoint-folders.ts';
import { keepCheckpoint } from '../log/keep-checkpoint.ts';
import { lookOutside } from '../log/outside-checkpoints.ts';
import { writeLotCertificate } from '../lot-certificate/write-lot-certificate.ts';
import { openCore } from '../open-core.ts';
import { answerAsks, tellProgress } from '../thread/answer-asks.ts';
import { giveWayInThread } from '../thread/give-way.ts';
import type {
  AuditFaultCode,
  AuditOrder,
  AuditRefusalCode,
  AuditResult,
  OutsideState,
  WrittenFile,
} from './audit-view.ts';
import { fileIn, filesIn } from './export-folders.ts';
import { verifyExportedFile, verifyOwnLedger } from './verify-here.ts';

export interface AuditThreadData {
  readonly dataDirectory: string;
}

export interface AuditProgress {
  readonly done: number;
  readonly all: number;
}

export type AuditAsk =
  /** `place`: the folder of the order; `name`: that of the file to be written, without its ending. */
  | {
      readonly kind: 'run';
      readonly order: AuditOrder;
      readonly place: string;
      readonly name: string;
      readonly account: string;
    }
  | { readonly kind: 'files'; readonly place: string }
  | { readonly kind: 'outside' };

export type Said =
  | { readonly fault: AuditFaultCode; readonly detail: string }
  | { readonly refusal: Extract<AuditRefusalCode, `export-${string}`> }
  | { readonly stopped: true };

/** Newest days of each log; `doctor` looks at all. */
const RECENT_DAYS = 40;
const PROGRESS_EVERY_MS = 150;

giveWayInThread();
const core = openCore({ dataDirectory: (workerData as AuditThreadData).dataDirectory });
let stopping = new AbortController();

class Refused extends Error {
  readonly said: Said;
  constructor(said: Said) {
    super('refused');
    this.said = said;
  }
}

async function run({
  order,
  place,
  name,
  account,
}: Extract<AuditAsk, { kind: 'run' }>): Promise<AuditResult> {
  stopping = new AbortController();
  const { signal } = stopping;
  core.takeConfiguration();
  switch (order.kind) {
    case 'export': {
      const { format, workOrder, state, since, until } = order;
      const out = path.join(place, `${name}${endingOf(format)}`);
      const request = { format, out, workOrder, state, since, until, account, signal };
      return written(order.folder, await exportAudit(core, { ...request, onProgress: progress() }));
    }
    case 'passport': {
      const out = path.join(place, `${name}.json`);
      const result = await writePassport(core, { name: order.device, out, account, signal });
      return written(order.folder, { ...result, rootHash: rootOf(result.checkpoint) });
    }
    case 'certificate': {
      const out = path.join(place, `${name}.html`);
      const { workOrder, language } = order;
      const result = await writeLotCertificate(core, { workOrder, language, out, account, signal });
      const { size, rootHash } = headOf(result.checkpoint);
      return written(order.folder, { file: result.file, complete: result.complete, size, rootHash });
    }
    case 'checkpoint': {
      const { size, rootHash, files, faults } = keepCheckpoint(core);
      return { kind: 'checkpoint', size, rootHash, files, faults };
    }
    case 'verify-ledger':
      return { kind: 'findings', findings: await verifyOwnLedger(core) };
    case 'verify-file': {
      const file = fileIn(place, order.file);
      if (file === undefined) throw new Refused({ refusal: 'export-file-unknown' });
      return { kind: 'findings', findings: [await verifyExportedFile(core, file)] };
    }
  }
}

const endings = {
  csv: '.csv',
  jsonl: '.jsonl',
  json: '.json',
  'limpet-csv': '.csv',
  'limpet-json': '.json',
  'dps-bulk': '.jsonl',
} as const;
const endingOf = (format: keyof typeof endings): string => endings[format];

function progress(): (done: number, all: number) => void {
  let toldAt = 0;
  return (done, all) => {
    const now = performance.now();
    if (now - toldAt < PROGRESS_EVERY_MS) return;
    toldAt = now;
    tellProgress({ done, all } satisfies AuditProgress);
  };
}

function written(
  folder: string,
  { file, manifest, ...result }: Omit<WrittenFile, 'kind' | 'folder' | 'bytes'>,
): WrittenFile {
  const { size, rootHash, entries, withheld, devices, unproved, complete, readBack } = result;
  return {
    kind: 'file',
    folder,
    file: path.basename(file),
    ...(manifest === undefined ? {} : { manifest: path.basename(manifest) }),
    bytes: statSync(file).size,
    ...JSON.parse(
      JSON.stringify({ size, rootHash, entries, withheld, devices, unproved, complete, readBack }),
    ),
  };
}

function headOf(note: string): { readonly size: number; readonly rootHash: string } {
  const { size, rootHash } = statedCheckpoint(note)!;
  return { size, rootHash: rootHash.toString('hex') };
}
const rootOf = (note: string): string => headOf(note).rootHash;

function files(place: string) {
  try {
    return filesIn(place);
  } catch {
    throw new Refused({ refusal: 'export-folder-unreadable' });
  }
}

function outside(): OutsideState {
  core.takeConfiguration();
  const [folder] = checkpointFolders(core);
  const { size, contradictions, fault } = lookOutside(core.ledger, folder, RECENT_DAYS);
  const unexplained = contradictions.find(({ onRecord }) => !onRecord);
  return {
    folder,
    size,
    ...(unexplained && { contradicts: unexplained.kind }),
    ...(fault === undefined ? {} : { fault }),
  };
}

const stationFaults: ReadonlySet<string> = new Set([
  'device-unknown',
  'export-over-station',
  'work-order-invalid',
  'entries-archived',
] satisfies AuditFaultCode[]);

function saidOf(error: unknown): Said | undefined {
  if (error instanceof Refused) return error.said;
  if (error instanceof AuditError) {
    if (error.code === 'export-stopped') return { stopped: true };
    if (error.code !== 'entry-invalid') return { fault: error.code, detail: error.message };
  }
  if (error instanceof StationError && stationFaults.has(error.code))
    return { fault: error.code as AuditFaultCode, detail: error.message };
  if (error instanceof LedgerError)
    return { fault: error.code === 'full' ? 'ledger-full' : 'ledger-failed', detail: error.message };
  return undefined;
}

answerAsks<AuditAsk>({
  answer(ask) {
    switch (ask.kind) {
      case 'run':
        return run(ask);
      case 'files':
        return files(ask.place);
      case 'outside':
        return outside();
    }
  },
  refused: saidOf,
  stop: () => stopping.abort(),
});

/**
 * The certificate of a lot as a file: ordered = recorded = enrolled, and each exception with its reason. It says
 * "complete" only where that is so, and is on record as an export with the hash of its bytes.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LotFacts, whyIncomplete } from '../../audit/certificate/lot-facts.ts';
import { lotPage } from '../../audit/certificate/lot-page.ts';
import { lotWordsEn } from '../../audit/certificate/lot-words-en.ts';
import { lotWordsKo } from '../../audit/certificate/lot-words-ko.ts';
import { inChunks } from '../../audit/export/in-chunks.ts';
import { writeAtomically } from '../../audit/write-atomically.ts';
import { shortText } from '../attempt/harvest-device.ts';
import { StationError } from '../errors.ts';
import { isOtherDevice } from '../export/export-medium.ts';
import { refuseStationFile } from '../export/station-files.ts';
import { keepCheckpoint } from '../log/keep-checkpoint.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { version } from '../version.ts';
import { lotFigures } from './lot-figures.ts';

const words = { en: lotWordsEn, ko: lotWordsKo };

export interface LotCertificateRequest {
  readonly workOrder: string;
  /** How many were ordered; default: what the work order says. */
  readonly quantity?: number | undefined;
  readonly language?: 'en' | 'ko' | undefined;
  readonly out: string;
  /** Makes a PDF of the page in this file; absent: the page itself is written. */
  readonly print?: ((page: string) => Promise<Buffer>) | undefined;
  readonly account: string;
  readonly signal?: AbortSignal | undefined;
}

export interface WrittenLotCertificate {
  readonly file: string;
  readonly workOrder: string;
  readonly complete: boolean;
  /** Codes, each with how many devices it is about. */
  readonly incomplete: readonly { readonly why: string; readonly count?: number }[];
  readonly ordered: number | null;
  readonly harvested: number;
  readonly imported: number;
  readonly enrolled: number;
  readonly neverPassed: number;
  readonly retired: number;
  /** Signed note. */
  readonly checkpoint: string;
  readonly verifierKey: string;
  readonly rehearsal: boolean;
}

export async function writeLotCertificate(
  core: StationCore,
  request: LotCertificateRequest,
): Promise<WrittenLotCertificate> {
  const { ledger, configuration } = core;
  const file = path.resolve(request.out);
  refuseStationFile(core.directory, file);
  const workOrder = shortText('work-order-invalid', request.workOrder);
  if (workOrder === null) throw new StationError('work-order-invalid', 'a certificate is of one work order');
  const figures = await lotFigures(core, workOrder, request.signal);
  // Covers all that was counted.
  const { note, origin, size, verifierKey } = await ledger.whenFree(() => keepCheckpoint(core));
  const madeAt = core.clock.read().at;
  const facts: LotFacts = {
    ...figures.counted,
    workOrder,
    station: configuration.station,
    rehearsal: core.rehearsal,
    madeAt,
    ordered: request.quantity ?? ledger.workOrders.get(workOrder)?.quantity ?? undefined,
  };
  const digest = createHash('sha256');
  const language = request.language ?? configuration.station.language;
  const page = lotPage(
    words[language],
    facts,
    { origin, size, checkpoint: note, verifierKey, keyline: version },
    figures.exceptions(),
  );
  const chunks = request.print ? [await printed(page, request.print)] : inChunks(page);
  const digested = function* () {
    for (const chunk of chunks) {
      digest.update(chunk);
      yield chunk;
    }
  };
  const readBack = isOtherDevice(core.directory.path, file);
  await writeAtomically(file, digested(), { signal: request.signal, readBack });
  const sha256 = digest.digest('hex');
  await ledger.whenFree(() =>
    ledger.transaction(() => {
      core.audit.append(core.identity, personOf(ledger, request.account, madeAt), {
        type: 'export',
        data: { format: 'lot-certificate', size, workOrder, sha256 },
      });
    }),
  );
  const why = whyIncomplete(facts);
  return {
    file,
    workOrder,
    complete: why.length === 0,
    incomplete: why,
    ordered: facts.ordered ?? null,
    harvested: facts.harvested,
    imported: facts.imported,
    enrolled: facts.enrolled,
    neverPassed: facts.neverPassed,
    retired: facts.retired,
    checkpoint: note,
    verifierKey,
    rehearsal: core.rehearsal,
  };
}

/** By way of a page in a folder of this user alone. */
async function printed(page: Iterable<string>, print: (page: string) => Promise<Buffer>): Promise<Buffer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-certificate-'));
  try {
    const file = path.join(folder, 'certificate.html');
    await writeFile(file, page, { mode: 0o600 });
    return await print(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

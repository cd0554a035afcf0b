/** The bytes of entries that rest in archives, out of those files of them that somebody gave; asked in the order of the log. */
import type { Ledger } from '../../../db/ledger.ts';
import type { ArchiveRow, LogRow } from '../../../db/rows.ts';
import { StationError } from '../errors.ts';
import { ArchiveReader, fileFacts } from './archive-reader.ts';

/** Files of archives, by their SHA-256. */
export type GivenArchives = ReadonlyMap<string, string>;

/**
 * @param files paths; each is read through once, to know which archive it is
 * @throws StationError `archive-file` where one is not to be read, or not one of this ledger
 */
export function givenArchives(ledger: Ledger, files: readonly string[]): GivenArchives {
  const known = new Set(
    ledger.logs.all().flatMap(({ log_id }) => ledger.archives.ofLog(log_id).map(row => row.sha256)),
  );
  const given = new Map<string, string>();
  for (const file of files) {
    const { sha256 } = fileFacts(file);
    if (!known.has(sha256))
      throw new StationError('archive-file', `${file} (SHA-256 ${sha256}) is none of this ledger’s archives`);
    given.set(sha256, file);
  }
  return given;
}

export class RestingBytes {
  readonly #archives: ReadonlyMap<number, ArchiveRow>;
  readonly #runs: ReturnType<Ledger['archives']['runs']>;
  readonly #given: GivenArchives;
  readonly #readers = new Map<string, ArchiveReader>();
  readonly #waiting = new Map<string, ReturnType<ArchiveReader['next']>>();
  #run: { readonly first: number; readonly last: number; readonly audit_index: number } | undefined;

  constructor(ledger: Ledger, log: Pick<LogRow, 'log_id'>, given: GivenArchives) {
    this.#archives = new Map(ledger.archives.ofLog(log.log_id).map(row => [row.audit_index, row]));
    this.#runs = ledger.archives.runs(log.log_id);
    this.#run = this.#runs.next().value ?? undefined;
    this.#given = given;
  }

  /** The archive in which an entry rests; indexes only grow. */
  archiveOf(index: number): ArchiveRow | undefined {
    while (this.#run && this.#run.last < index) this.#run = this.#runs.next().value ?? undefined;
    return this.#run && this.#run.first <= index ? this.#archives.get(this.#run.audit_index) : undefined;
  }

  /** Undefined where the file of its archive was not given. @param index larger than the one before */
  of(archive: ArchiveRow, index: number): Buffer | undefined {
    const path = this.#given.get(archive.sha256);
    if (path === undefined) return undefined;
    let reader = this.#readers.get(path);
    if (!reader) {
      reader = new ArchiveReader(path);
      this.#readers.set(path, reader);
    }
    let shown = this.#waiting.get(path) ?? reader.next();
    while (shown && shown.index < index) shown = reader.next();
    this.#waiting.set(path, shown);
    return shown?.index === index ? shown.bytes : undefined;
  }

  close(): void {
    for (const reader of this.#readers.values()) reader.close();
  }
}

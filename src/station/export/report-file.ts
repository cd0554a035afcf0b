/**
 * A report of a batch, a row for each of its rows: CSV (RFC 4180, UTF-8 with byte order mark) that a spreadsheet shows and
 * never computes (rule A4). Rows are in the file as they come; it has its name when it is whole, and `.part` behind it till then.
 * A place that cannot take it any more ends the report and not the batch: `end` says so.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { toCsvCell } from '../../audit/csv-cell.ts';
import { exportFailure } from '../../audit/export-failure.ts';
import { syncDirectorySync } from '../../audit/sync-directory.ts';

const WRITE_FROM_CHARACTERS = 64 * 1024;

export class ReportFile<Column extends string> {
  readonly #path: string;
  readonly #columns: readonly Column[];
  readonly #file: number;
  #waiting: string;
  #fault: { readonly error: unknown } | undefined;

  /** @throws the file system's error */
  constructor(file: string, columns: readonly Column[]) {
    this.#path = file;
    this.#columns = columns;
    this.#file = openSync(`${file}.part`, 'w', 0o600);
    this.#waiting = `\uFEFF${columns.join(',')}\r\n`;
  }

  add(row: Readonly<Partial<Record<Column, string | number>>>): void {
    this.#waiting += `${this.#columns.map(column => toCsvCell(String(row[column] ?? ''))).join(',')}\r\n`;
    if (this.#waiting.length >= WRITE_FROM_CHARACTERS) this.flush();
  }

  /** To the file, so that a killed batch leaves what was said. */
  flush(): void {
    // Unlike `writeSync` it ends when all is written: a disk that is nearly full takes a part.
    this.#trying(() => writeFileSync(this.#file, this.#waiting));
    this.#waiting = '';
  }

  /**
   * Durable, under its name.
   * @throws AuditError `export-full`, `export-medium-gone`, `export-unwritable`; then nothing of it is left behind
   */
  end(): void {
    this.flush();
    this.#trying(() => fsyncSync(this.#file));
    closeSync(this.#file);
    this.#trying(() => {
      renameSync(`${this.#path}.part`, this.#path);
      syncDirectorySync(path.dirname(this.#path));
    });
    if (this.#fault) throw this.#fault.error;
  }

  #trying(work: () => void): void {
    if (this.#fault) return;
    try {
      work();
    } catch (error) {
      this.#fault = { error: exportFailure(error, this.#path, true) };
      rmSync(`${this.#path}.part`, { force: true });
    }
  }
}

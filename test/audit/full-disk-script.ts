/** Runs on a small disk: an export that fits, then one over it that does not. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AuditError } from '../../src/audit/errors.ts';
import { writeExport } from '../../src/audit/export/write-export.ts';
import { logOf, noon } from './log-fixture.ts';

const directory = process.argv[2]!;
const path = join(directory, 'earlier.jsonl');
const exporting = (size: number) => {
  const log = logOf(size);
  return writeExport(
    log,
    { format: 'jsonl', selection: {}, madeAt: noon, keyline: '0.1.0', key: log.key },
    path,
  );
};

await exporting(20);
const before = readFileSync(path, 'utf8');
const code = await exporting(2000).then(
  () => 'none',
  error => (error instanceof AuditError ? error.code : String(error)),
);
const earlier = readFileSync(path, 'utf8') === before;
process.stdout.write(JSON.stringify({ code, files: readdirSync(directory), earlier }));

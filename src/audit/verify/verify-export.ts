/**
 * Verifies an export that stands alone (rule A3): every entry against its leaf hash, the tree against the signed
 * checkpoint, every other byte against the seal. The file is untrusted from its first byte; this side shares the hash
 * and note arithmetic with the one that writes, and no code that reads or writes the file.
 */
import { JudgeExport } from './judge-export.ts';
import { readLines } from './read-lines.ts';
import { type Trust, Trusted } from './trust.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** @throws AuditError where the file cannot be read, or the given key or a given checkpoint is none */
export async function verifyExport(file: string, trust: Trust = {}): Promise<Verdict> {
  const trusted = new Trusted(trust);
  return verdictOf(async () => {
    const judge = new JudgeExport(trusted);
    for await (const lines of readLines(file)) for (const line of lines) judge.line(line);
    return judge.verdict();
  });
}

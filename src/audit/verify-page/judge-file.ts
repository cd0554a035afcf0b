/** Judges the bytes of a file, whatever it is: a passport, a consistency proof, an export, or none. */
import type { Bytes } from './bytes.ts';
import { beginsAsConsistency, judgeConsistency } from './judge-consistency.ts';
import { judgeExport } from './judge-export.ts';
import { beginsAsPassport, judgePassport } from './judge-passport.ts';
import type { Given } from './trusted.ts';
import { Found, type Verdict } from './verdict.ts';

export async function judgeFile(bytes: Bytes, given: Given): Promise<Verdict> {
  try {
    const text = decoded(bytes);
    if (beginsAsPassport(text)) return await judgePassport(text, given);
    if (beginsAsConsistency(text)) return await judgeConsistency(text, given);
    return await judgeExport(text, given);
  } catch (error) {
    if (error instanceof Found)
      return {
        ok: false,
        problem: error.problem,
        ...(error.index === undefined ? {} : { index: error.index }),
      };
    // Members that are not of their type; nothing of ours is written so.
    if (error instanceof TypeError) return { ok: false, problem: 'malformed' };
    throw error;
  }
}

/** Other beginnings are those of other files; what began as ours and is not text any more was changed. */
const beginnings = ['{', '[\n', 'index,', '\u00ef\u00bb\u00bf'];

function decoded(bytes: Bytes): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const start = String.fromCharCode(...bytes.slice(0, 6));
    throw new Found(beginnings.some(begin => start.startsWith(begin)) ? 'malformed' : 'not-an-export');
  }
}

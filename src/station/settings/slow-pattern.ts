/**
 * Whether a serial pattern can take exponential time. Measured, not guessed: every repeated group of the pattern by itself,
 * and the pattern as a whole, are run on texts that repeat its own characters and then break off, within one time limit.
 * Harvests have their own limit for each serial (enrollment/serial.ts); this is for whoever writes the pattern.
 */
import { createContext, runInContext } from 'node:vm';

const DEADLINE_MS = 250;
const REPETITIONS = 48;
const MOST_CHARACTERS = 12;
const MOST_GROUPS = 8;
const REMEMBERED = 64;

const context = createContext(Object.create(null));
const known = new Map<string, boolean>();

/** @param pattern a valid regular expression (flag u) */
export function isSlowPattern(pattern: string): boolean {
  const before = known.get(pattern);
  if (before !== undefined) return before;
  const slow = measure(pattern);
  if (known.size >= REMEMBERED) known.clear();
  known.set(pattern, slow);
  return slow;
}

function measure(pattern: string): boolean {
  const parts = [pattern, ...repeatedGroups(pattern).slice(0, MOST_GROUPS)];
  const script = `{
    for (const part of ${JSON.stringify(parts)}) {
      let expression;
      try { expression = new RegExp('^(?:' + part + ')$', 'u'); } catch { continue; }
      for (const text of ${JSON.stringify(textsFor(pattern))}) expression.exec(text);
    }
  }`;
  try {
    runInContext(script, context, { timeout: DEADLINE_MS });
    return false;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return true;
    throw error;
  }
}

/** Groups that are repeated without a small bound, with their quantifier: a prefix in front of them hides nothing then. */
function repeatedGroups(pattern: string): string[] {
  const found: string[] = [];
  const open: number[] = [];
  let inClass = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at];
    if (character === '\\') at += 1;
    else if (inClass) inClass = character !== ']';
    else if (character === '[') inClass = true;
    else if (character === '(') open.push(at);
    else if (character === ')') {
      const start = open.pop();
      const quantifier = /^(?:[*+]|\{\d+(?:,\d*)?\})/.exec(pattern.slice(at + 1))?.[0];
      if (start !== undefined && quantifier) found.push(pattern.slice(start, at + 1) + quantifier);
    }
  }
  return found;
}

function textsFor(pattern: string): string[] {
  const own = pattern.replaceAll(/\\[\s\S]|[()[\]{}|?*+^$.]/g, '');
  const characters = [...new Set([...'0Aa-', ...own, ...'_ 1'])].slice(0, MOST_CHARACTERS);
  return characters.flatMap(one => [
    `${one.repeat(REPETITIONS)}\u0001`,
    ...characters.filter(two => two !== one).map(two => `${(one + two).repeat(REPETITIONS / 2)}\u0001`),
  ]);
}

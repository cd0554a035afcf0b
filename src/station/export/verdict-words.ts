/** What a verdict of verification means to a person, in a sentence: what it proves, and what it does not. */
import type { ProblemCode, UnusedCheckpoints, Verified } from '../../audit/verify/verdict.ts';

const hints: Readonly<Partial<Record<ProblemCode, string>>> = {
  'not-an-export': 'This file is no audit export of Keyline. Check which file was given.',
  'key-missing': 'Give the key of the station with --key, got from somewhere else than the checkpoint.',
};

export function hintOf(problem: ProblemCode): string {
  return (
    hints[problem] ??
    'This is not what the station wrote. Keep the file, and ask the station for a new export.'
  );
}

export function meaningOf(verdict: Verified): string {
  if (verdict.isCheckpoint) return meaningOfCheckpoint(verdict);
  if (verdict.extends !== undefined) return meaningOfConsistency(verdict, verdict.extends);
  const { level, size, witnessedUpTo, signedUpTo } = verdict;
  switch (level) {
    case 'intact':
      return 'it fits itself; its key came with it, so give --key to know who signed it';
    case 'signed':
      return signedUpTo < size
        ? `the key you gave signed the first ${signedUpTo} entries; of the later ones only the station’s word stands`
        : 'the key you gave signed it; only the station could have left entries out before it signed';
    case 'witnessed':
      return witnessedUpTo < size
        ? `it extends your checkpoint of ${witnessedUpTo} entries; of the later ones only the station’s word stands`
        : 'it is what your checkpoint says, to the last entry';
  }
}

/** Two heads say nothing of each other: whether one extends the other takes the hashes between them. */
function meaningOfCheckpoint({ level, size }: Verified): string {
  const shown = `the log has ${size} entries and this root; it shows none of them`;
  return level === 'witnessed'
    ? `it is the checkpoint you gave: ${shown}`
    : `the key you gave signed it: ${shown}, and whether it extends another checkpoint only a consistency proof of the station can say (keyline audit consistency)`;
}

function meaningOfConsistency({ level, size, witnessedUpTo }: Verified, from: number): string {
  const shown = `the log of ${size} entries begins with the whole log of ${from}`;
  switch (level) {
    case 'intact':
      return `${shown}; the key came with the file, so give --key to know who signed both`;
    case 'signed':
      return `${shown}; the key you gave signed both`;
    case 'witnessed':
      return witnessedUpTo < size
        ? `${shown}, which is your checkpoint`
        : `${shown}, and the later one is your checkpoint`;
  }
}

/** Of a folder of checkpoints; undefined where all in it counted. */
export function unusedWords({ otherLogs, newer }: UnusedCheckpoints): string | undefined {
  const parts = [
    ...(otherLogs > 0 ? [`${otherLogs} of other logs`] : []),
    ...(newer > 0 ? [`${newer} newer than this file`] : []),
  ];
  return parts.length === 0 ? undefined : `${parts.join(', ')}: they say nothing of it`;
}

/** Which of the known names somebody meant: by Damerau–Levenshtein distance (optimal string alignment), case aside. */

/** Undefined where none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const meant = name.slice(0, 80).toLowerCase();
  const most = Math.max(1, Math.floor(meant.length / 3));
  let best: { readonly distance: number; readonly name: string } | undefined;
  for (const candidate of known) {
    const distance = distanceOf(meant, candidate.toLowerCase());
    if (distance <= most && (!best || distance < best.distance)) best = { distance, name: candidate };
  }
  return best?.name;
}

function distanceOf(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}

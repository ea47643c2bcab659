/** Levenshtein distance: the fewest single-character insertions, deletions and replacements between two words. */
export function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}

/** The known name closest to what was written; null where none is close enough to be a slip of the finger. */
export function nearestName(written: string, known: readonly string[]): string | null {
  const lower = written.toLowerCase();
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.floor(written.length / 3)) + 1;
  for (const name of known) {
    const distance = editDistance(lower, name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best ?? known.find((name) => lower.length >= 3 && name.toLowerCase().startsWith(lower)) ?? null;
}

/** "Did you mean --linger?", or the fallback sentence where nothing is near. */
export function didYouMean(written: string, known: readonly string[], fallback: string, prefix = ''): string {
  const nearest = nearestName(written, known);
  return nearest === null ? fallback : `Did you mean ${prefix}${nearest}?`;
}

/** "Did you mean …?": the known names that a mistyped one most resembles. */

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

/** How far a name is from what was written: its beginning or a part of it is nearer than most slips of the finger. */
function distanceOf(written: string, name: string): number {
  if (written.length >= 2 && name.startsWith(written)) return 0.5;
  if (written.length >= 3 && name.includes(written)) return 1;
  return editDistance(written, name);
}

/** At most `most` names that are near enough to be meant, nearest first; equally near ones in the order given. */
export function nearestNames(written: string, known: readonly string[], most: number): readonly string[] {
  const lower = written.toLowerCase();
  // A third of the letters may be wrong, two always, but never all of them.
  const farthest = Math.min(Math.max(2, Math.floor(lower.length / 3)), lower.length - 1);
  return known
    .map((name) => ({ name, distance: distanceOf(lower, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= farthest)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ name }) => name);
}

/** The known name closest to what was written; null where none is near enough. */
export function nearestName(written: string, known: readonly string[]): string | null {
  return nearestNames(written, known, 1)[0] ?? null;
}

/** "Did you mean --linger?", or the fallback sentence where nothing is near. */
export function didYouMean(written: string, known: readonly string[], fallback: string, prefix = ''): string {
  const nearest = nearestName(written, known);
  return nearest === null ? fallback : `Did you mean ${prefix}${nearest}?`;
}

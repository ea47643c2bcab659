/** Holm's correction (1979) for asking several questions at once. Pure. */

/** Each p as it counts among all of them, in the given order: the smallest times their number, and so on, never falling. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((p, at) => ({ p, at })).sort((x, y) => x.p - y.p);
  const adjusted = ps.map(() => 1);
  let largest = 0;
  for (const [rank, { p, at }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, p * (ps.length - rank)));
    adjusted[at] = largest;
  }
  return adjusted;
}

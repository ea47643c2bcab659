/**
 * Short lists that are filled and emptied with every request keep their memory here: `length = 0` gives it back, and
 * `splice` makes a list of what it took.
 */

export function empty(list: unknown[]): void {
  while (list.length > 0) list.pop();
}

/** Takes out one item; those behind it move up. */
export function removeAt<Item extends object>(list: Item[], at: number): void {
  for (let i = at + 1; i < list.length; i++) {
    const item = list[i];
    if (item !== undefined) list[i - 1] = item;
  }
  list.pop();
}

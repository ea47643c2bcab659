/** How much a processor between two topics has taken in and not let out. Pure. */

/**
 * Messages inside a pipeline that lets all through: acknowledged, neither read nor there to be read (`lagMessages`: of the
 * output; null: not known, so they count as inside).
 */
export function insidePipeline(
  total: (field: 'acked' | 'consumed' | 'duplicated') => number,
  lagMessages: number | null,
): number {
  return Math.max(0, total('acked') - (total('consumed') - total('duplicated')) - (lagMessages ?? 0));
}

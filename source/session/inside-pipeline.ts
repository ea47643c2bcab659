/** How much a processor between two topics has taken in and not let out. Pure. */

/**
 * Messages inside a pipeline that lets all through: acknowledged, neither read nor there to be read (`lagMessages`, of the
 * output). null: nobody can tell, since that lag is not known.
 */
export function insidePipeline(
  total: (field: 'acked' | 'consumed' | 'duplicated') => number,
  lagMessages: number | null,
): number | null {
  if (lagMessages === null) return null;
  return Math.max(0, total('acked') - (total('consumed') - total('duplicated')) - lagMessages);
}

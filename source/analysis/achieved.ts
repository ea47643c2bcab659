/** How much of the load that was asked for came through in the measured phase. Pure. */

/** More messages under way at the end than come in this time, or in twice the least response, are a backlog. */
const usualNs = 100e6;
/** A response that is never shorter than half of this is a backlog itself, of the warm-up. */
const mostUsualNs = 500e6;

export interface AchievedInput {
  /** Messages due in the measured phase that were acknowledged, whenever that was. */
  readonly acked: number;
  /** Acknowledgements that came during the measured phase, whichever messages they were for. */
  readonly ackedDuring: number;
  /** How long the measured phase was, ns. */
  readonly durationNs: number;
  /** The least response: how far away the cluster is. 0: not known. */
  readonly leastResponseNs: number;
}

/**
 * Messages of the measured phase that count as achieved. Where more came to be under way during the phase than is
 * usual, the cluster did not keep up, and what it acknowledged in that time counts. A backlog of the warm-up that was
 * worked off meanwhile adds nothing: those messages were due before.
 */
export function achievedMessages({ acked, ackedDuring, durationNs, leastResponseNs }: AchievedInput): number {
  const backlogGrew = acked - ackedDuring;
  const underWayNs = Math.min(mostUsualNs, Math.max(usualNs, 2 * leastResponseNs));
  const usual = durationNs <= 0 ? 0 : (acked / durationNs) * underWayNs;
  return backlogGrew <= usual ? acked : ackedDuring;
}

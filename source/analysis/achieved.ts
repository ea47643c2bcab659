/** How much of the load that was asked for came through in the measured phase. Pure. */

/** More messages under way at the end than are asked for in this time are a backlog. */
const usualLatencyNs = 100e6;

export interface AchievedInput {
  /** Messages due in the measured phase that were acknowledged, whenever that was. */
  readonly acked: number;
  /** Acknowledgements that came during the measured phase, whichever messages they were for. */
  readonly ackedDuring: number;
  /** How long the measured phase was, ns. */
  readonly durationNs: number;
}

/**
 * Messages of the measured phase that count as achieved. Where more came to be under way during the phase than 100 ms'
 * worth, the cluster did not keep up, and what it acknowledged in that time counts. A backlog of the warm-up that was
 * worked off meanwhile adds nothing: those messages were due before.
 */
export function achievedMessages({ acked, ackedDuring, durationNs }: AchievedInput): number {
  const backlogGrew = acked - ackedDuring;
  const usual = durationNs <= 0 ? 0 : (acked / durationNs) * usualLatencyNs;
  return backlogGrew <= usual ? acked : ackedDuring;
}

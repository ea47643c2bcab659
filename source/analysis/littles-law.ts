/** Little's law, L = λ·W: what was under way must agree with how long each message took, or a clock or a count is wrong. */

export interface LittleInput {
  readonly durationMs: number;
  /** Time integral of the messages under way (offered and not acknowledged), from a counter of its own; message · ms. */
  readonly inFlightMs: number;
  /** Messages acknowledged in that time, and the sum of their service times. */
  readonly acked: number;
  readonly serviceSumMs: number;
}

export interface LittleCheck {
  /** Mean number under way: counted, and as rate × mean service. */
  readonly inFlight: number;
  readonly expected: number;
  /** |L − λW| / L. */
  readonly deviation: number;
  readonly holds: boolean;
}

const mostDeviation = 0.05;
/** A shorter stretch has messages at its ends that belong to it by half. */
const fewestServices = 40;

/** null: nothing was acknowledged, or the stretch is shorter than 40 mean services. */
export function checkLittlesLaw({ durationMs, inFlightMs, acked, serviceSumMs }: LittleInput): LittleCheck | null {
  if (acked === 0 || inFlightMs <= 0 || durationMs < (fewestServices * serviceSumMs) / acked) return null;
  const inFlight = inFlightMs / durationMs;
  const expected = serviceSumMs / durationMs;
  const deviation = Math.abs(inFlight - expected) / inFlight;
  return { inFlight, expected, deviation, holds: deviation <= mostDeviation };
}

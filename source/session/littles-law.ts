/** Holds the measured phase's service times against an independent count of what was under way. */
import { checkLittlesLaw, type LittleCheck } from '../analysis/littles-law.ts';
import type { EventLog } from './event-log.ts';
import { threeDigits } from './figures-text.ts';
import type { Happenings } from './happenings.ts';

/** Totals are interpolated between samples 125 ms apart: over a shorter stretch its ends weigh too much. */
const shortestNs = 1e9;
/** A stretch that begins or ends with more messages under way than so many times the usual, is cut out of a stall. */
const mostOfUsual = 3;
const atLeast = 10;

/** null: too short, nothing was acknowledged, some were given up, or it begins or ends in a stall. */
export function littleOf(happenings: Happenings, fromNs: number, toNs: number): LittleCheck | null {
  if (toNs - fromNs < shortestNs) return null;
  if ((['failed', 'unknown', 'missed'] as const).some((field) => happenings.growth(field, fromNs, toNs) > 0))
    return null;
  const serviceSumNs = happenings.growth('serviceNs', fromNs, toNs);
  // Those who wait at either end have no service time yet, or from before: in a stall they are what counts.
  const usual = serviceSumNs / (toNs - fromNs);
  if ([fromNs, toNs].some((atNs) => openAt(happenings, atNs) > mostOfUsual * usual + atLeast)) return null;
  return checkLittlesLaw({
    durationMs: (toNs - fromNs) / 1e6,
    inFlightMs: happenings.growth('underWayNs', fromNs, toNs) / 1e6,
    acked: happenings.growth('responses', fromNs, toNs),
    serviceSumMs: serviceSumNs / 1e6,
  });
}

/** Messages due and without a fate at a time. */
function openAt(happenings: Happenings, atNs: number): number {
  const [scheduled, ...fates] = (['scheduled', 'acked', 'failed', 'unknown', 'missed'] as const).map((field) =>
    happenings.at(field, atNs),
  );
  return (scheduled ?? 0) - fates.reduce((sum, count) => sum + count, 0);
}

/** A figure that cannot be right is said; one that is, is there for whoever asks. */
export function tellLittle(log: EventLog, check: LittleCheck, timeMs: number): void {
  const [counted, expected] = [threeDigits(check.inFlight), threeDigits(check.expected)];
  const fields = { inFlight: check.inFlight, expected: check.expected, deviation: check.deviation };
  const said = `${counted} messages under way by count, ${expected} by rate × service`;
  if (check.holds) log.add(timeMs, 'info', `Little's law holds: ${said}`, fields);
  else log.add(timeMs, 'warning', `Little's law does not hold: ${said}; service times or counts are wrong`, fields);
}

/** Whether network, brokers, replication or a quota is what takes the time. Pure. */
import { isOwnDoing, ownText } from './hint-client.ts';
import { hintLimits as limit } from './hint-limits.ts';
import type { Finding, HintReading } from './hint-reading.ts';
import { digits, lowerRate, msOf, percentOf } from './hint-text.ts';

/** Of the rate asked for: less is what the quota lets through, and else a step down stays below it. */
const kept = 0.98;
const stepDown = 0.9;

/** Brokers ask to wait. */
export function quota(reading: HintReading): Finding | null {
  const { throttleMs, windowS, ackedRate, targetRate } = reading;
  if (throttleMs <= 0) return null;
  const asked = targetRate === null ? '' : ` of ${perSecond(targetRate)} asked for`;
  const isCut = targetRate === null || ackedRate < kept * targetRate;
  return {
    name: 'quota',
    evidence: `brokers asked producers to wait in the last ${windowS} s (${msOf(throttleMs)}, all batches together); ${perSecond(ackedRate)}${asked} are acknowledged`,
    suggestion: lowerRate(reading, isCut ? ackedRate : targetRate * stepDown),
  };
}

/** An idle ping is slow as well, and bytes wait for the network. */
export function networkBound(reading: HintReading): Finding | null {
  const { isLocal, pingMs, quietPingMs, roundTripMs, quietRoundTripMs, sendWaitMs } = reading;
  if (isLocal || pingMs === null || quietPingMs === null || roundTripMs === null || quietRoundTripMs === null)
    return null;
  const pingIsUp = pingMs >= limit.pingOverQuiet * quietPingMs && pingMs - quietPingMs >= limit.pingAboveQuietMs;
  const tripIsUp = roundTripMs >= limit.roundTripOverQuiet * quietRoundTripMs;
  if (!pingIsUp || !tripIsUp || sendWaitMs < limit.sendWaitOfRoundTrip * roundTripMs) return null;
  if (isOwnDoing(reading, roundTripMs)) return null;
  return {
    name: 'network-bound',
    evidence: `of a round trip of ${msOf(roundTripMs)} (once ${msOf(quietRoundTripMs)}) ${msOf(sendWaitMs)} is waiting in the send buffer, and an idle ping takes ${msOf(pingMs)} (once ${msOf(quietPingMs)})`,
    suggestion: null,
  };
}

/** The ping is as fast as ever, and every broker takes long to answer a batch. */
export function brokerBound(reading: HintReading): Finding | null {
  const { pingMs, quietPingMs, roundTripMs, quietRoundTripMs, brokers } = reading;
  if (pingMs === null || roundTripMs === null) return null;
  const trips = brokers.flatMap((broker) => broker.roundTripMs ?? []);
  const fastestMs = trips.length === 0 ? roundTripMs : Math.min(...trips);
  const isFlat =
    pingMs <= limit.flatPingOfRoundTrip * fastestMs &&
    (quietPingMs === null ||
      pingMs <= limit.flatPingOverQuiet * quietPingMs ||
      pingMs - quietPingMs < limit.pingAboveQuietMs);
  const isLong = fastestMs >= limit.leastRoundTripMs && fastestMs >= limit.roundTripOverPing * pingMs;
  const hasRisen =
    quietRoundTripMs !== null &&
    fastestMs >= limit.risenOverQuiet * quietRoundTripMs &&
    fastestMs - quietRoundTripMs >= limit.risenAboveQuietMs;
  if (!isFlat || (!isLong && !hasRisen) || isOwnDoing(reading, fastestMs)) return null;
  const before = hasRisen ? ` (once ${msOf(quietRoundTripMs ?? 0)})` : '';
  const all = trips.length > 1 ? ` on all ${trips.length} brokers, ${msOf(fastestMs)} at least` : '';
  return {
    name: 'broker-bound',
    evidence: `round trip ${msOf(roundTripMs)}${before}${all}, while an idle ping takes ${msOf(pingMs)}; ${ownText(reading)}`,
    suggestion: hasRisen && reading.targetRate !== null ? lowerRate(reading, reading.targetRate * 0.8) : null,
  };
}

/** What waiting for the other replicas costs. */
export function replication({ acksCompared, knobs }: HintReading): Finding | null {
  if (acksCompared === null || knobs.acks !== 'all') return null;
  const { oneMs, allMs } = acksCompared;
  const share = allMs <= 0 ? 0 : (allMs - oneMs) / allMs;
  if (share <= limit.replicationShare) return null;
  return {
    name: 'replication',
    evidence: `round trip ${msOf(allMs)} with acks=all and ${msOf(oneMs)} with acks=1: ${percentOf(share)} is waiting for replicas`,
    suggestion: null,
  };
}

function perSecond(rateHz: number): string {
  return rateHz >= 999.5 ? `${digits(rateHz / 1000)} k/s` : `${digits(rateHz)}/s`;
}

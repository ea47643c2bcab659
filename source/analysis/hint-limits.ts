/**
 * From where on a figure is a hint. Those of the method (section 8, and sections 3 and 4 for client and lag) are its own;
 * the others are starting points, chosen so that a run in good health gives none.
 */
export const hintLimits = {
  /** Method, section 3: at least 99 % of the due messages are offered in time. */
  lateFraction: 0.01,
  /** "Near 100 %": a starting point. */
  loopBusy: 0.95,
  /** Of the load threads' time: a starting point. */
  gcFraction: 0.05,
  /** Of this machine's CPU time: a starting point; on two cores p99 is as without it below. */
  stolenFraction: 0.02,
  /** "Batches half empty": of their capacity. */
  halfEmpty: 0.5,
  /** Full, or nearly: batches close one message before their end. */
  full: 0.9,
  /** "Time queued ≫ round trip": so many times. */
  queueOverRoundTrip: 2,
  /** A shorter wait is the pacing's own millisecond. */
  leastQueueMs: 1.5,
  /** Of the linger, else something else was waited for. */
  queueOverLinger: 0.5,
  /** Of the looks. */
  blockedFraction: 0.1,
  /** A ping, against the quietest of the run, and at least by so much. */
  pingOverQuiet: 3,
  pingAboveQuietMs: 1,
  /** Round trip that rises with the ping. */
  roundTripOverQuiet: 1.5,
  /** In the send buffer, of the round trip. */
  sendWaitOfRoundTrip: 0.25,
  /** "Ping flat": against the quietest of the run, or a small part of the round trip. */
  flatPingOverQuiet: 2,
  flatPingOfRoundTrip: 0.2,
  /** "Round trip up": far above a ping, */
  roundTripOverPing: 10,
  leastRoundTripMs: 5,
  /** or above the quietest of the run. */
  risenOverQuiet: 3,
  risenAboveQuietMs: 2,
  /** Our own event loop is ruled out where it is late by less than this share of what it would explain. */
  ownShare: 0.25,
  /** Method: acks=all less acks=1, of the round trip at acks=all. */
  replicationShare: 0.5,
  /** Method: the largest partition over the mean. */
  partitionOverMean: 1.5,
  /** Method: a broker's round trip over the median; and what is worth telling. */
  brokerOverMedian: 2,
  brokerAboveMedianMs: 1,
  /** Service that rises by more than this is not flat. */
  flatService: 0.2,
  /** p99.9 of a second over the median of a minute's, and above it by so much. */
  spikeOverMedian: 5,
  spikeAboveMedianMs: 5,
  fewestSpikes: 5,
  /** Of p50 in spikes, over the other seconds'. */
  flatP50: 1.5,
  /** Of a random payload: its 64 letters leave gzip and zstd 1.33, and short messages are framing for a good part. */
  randomRatio: 1.5,
  /** No real data is as even as this. */
  constantRatio: 20,
  /** Of the seconds: more is no spike. */
  mostSpikes: 1 / 3,
} as const;

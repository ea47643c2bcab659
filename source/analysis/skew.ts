/** How unevenly a load lies on partitions and brokers. Pure. */

export interface PartitionSkew {
  /** Index of the partition with the most messages. */
  readonly hottest: number;
  /** Its messages over the mean of all partitions. */
  readonly maxOverMean: number;
  /**
   * What that ratio is at least, chance apart: its mean over the pieces less four standard errors. Without keys a partition
   * is written for a batch's worth at a time, so that a few seconds are always uneven, each time differently.
   * 0: too few pieces to say.
   */
  readonly atLeast: number;
}

const fewestPieces = 3;
const standardErrors = 4;

/** `pieces`: of successive stretches of time, messages by partition index. null: no messages, or one partition. */
export function partitionSkew(pieces: readonly Float64Array[]): PartitionSkew | null {
  const partitions = pieces[0]?.length ?? 0;
  const sums = new Float64Array(partitions);
  for (const piece of pieces) for (let index = 0; index < partitions; index++) add(sums, index, piece[index] ?? 0);
  let hottest = 0;
  for (let index = 1; index < partitions; index++) if ((sums[index] ?? 0) > (sums[hottest] ?? 0)) hottest = index;
  const total = sumOf(sums);
  if (partitions < 2 || total <= 0) return null;
  const ratios = pieces.flatMap((piece) => {
    const inPiece = sumOf(piece);
    return inPiece <= 0 ? [] : [((piece[hottest] ?? 0) * partitions) / inPiece];
  });
  return {
    hottest,
    maxOverMean: ((sums[hottest] ?? 0) * partitions) / total,
    atLeast: ratios.length < fewestPieces ? 0 : Math.max(0, lowerEnd(ratios)),
  };
}

export interface BrokerRoundTrip {
  readonly brokerId: number;
  /** null: it answered nothing. */
  readonly roundTripMs: number | null;
}

export interface BrokerSkew {
  readonly slowest: number;
  readonly slowestMs: number;
  readonly medianMs: number;
  readonly slowestOverMedian: number;
}

/** The slowest broker beside the median of all, which of two is the faster one. null: fewer than two answered. */
export function brokerSkew(brokers: readonly BrokerRoundTrip[]): BrokerSkew | null {
  const answered = brokers
    .flatMap(({ brokerId, roundTripMs }) => (roundTripMs === null ? [] : [{ brokerId, roundTripMs }]))
    .sort((a, b) => a.roundTripMs - b.roundTripMs);
  const median = answered[Math.ceil(answered.length / 2) - 1];
  const slowest = answered.at(-1);
  if (answered.length < 2 || median === undefined || slowest === undefined || median.roundTripMs <= 0) return null;
  return {
    slowest: slowest.brokerId,
    slowestMs: slowest.roundTripMs,
    medianMs: median.roundTripMs,
    slowestOverMedian: slowest.roundTripMs / median.roundTripMs,
  };
}

function lowerEnd(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return mean - standardErrors * Math.sqrt(squares / (values.length - 1) / values.length);
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function add(sums: Float64Array, index: number, value: number): void {
  sums[index] = (sums[index] ?? 0) + value;
}

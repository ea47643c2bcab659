/**
 * How unevenly the load lies on partitions and brokers: what the producer threads had acknowledged, read every two seconds
 * and compared over the last ten.
 */
import { brokerSkew, type PartitionSkew, partitionSkew } from '../analysis/skew.ts';
import type { PartitionTable } from '../clients/types.ts';
import { type SkewBuffer, SkewFigures, skewFields } from '../measure/skew-figures.ts';
import type { SkewDocument } from './document-schema.ts';
import type { SkewBrokerRow, SkewPartitionRow, SkewView } from './view.ts';

const pieceNs = 2e9;
const pieces = 5;
const mostRows = 200;
/** As many as a lag sample has. */
const mostKept = 100;
const fields = skewFields.length;
const [messagesAt, bytesAt, answersAt, roundTripAt] = [0, 1, 2, 3] as const;

/** Running sums of all threads at a time. */
interface Sample {
  readonly timeNs: number;
  /** `skewFields` by partition index. */
  readonly partitions: Float64Array;
  /** `skewFields` by broker id. */
  readonly brokers: ReadonlyMap<number, Float64Array>;
}

const nothing: SkewView = { windowS: 0, partitions: [], brokers: [], maxOverMean: null, slowestOverMedian: null };

export class SkewWatch {
  readonly #threads: SkewFigures[] = [];
  #table: PartitionTable = [];
  #samples: Sample[] = [];
  #view: SkewView = nothing;
  #skew: PartitionSkew | null = null;

  /** Starts to read a thread's figures. */
  addThread(buffer: SkewBuffer, table: PartitionTable): void {
    this.#table = table;
    this.#threads.push(new SkewFigures(buffer));
  }

  /** Called at every tick. */
  tick(nowNs: number): void {
    const last = this.#samples.at(-1);
    if (this.#threads.length === 0 || (last !== undefined && nowNs - last.timeNs < pieceNs)) return;
    this.#samples = [...this.#samples.slice(-pieces), this.#read(nowNs)];
    this.#compare();
  }

  /** Of the last ten seconds, or as long as there are figures. */
  view(): SkewView {
    return this.#view;
  }

  /** The most messages that a partition has, of the same seconds, and how sure that is; null: there is nothing to compare. */
  get partitionSkew(): (PartitionSkew & { readonly topic: string; readonly partition: number }) | null {
    const place = this.#skew === null ? undefined : this.#table[this.#skew.hottest];
    return this.#skew === null || place === undefined ? null : { ...this.#skew, ...place };
  }

  /** Of the whole run; null: nobody produces. */
  document(): SkewDocument | null {
    if (this.#threads.length === 0) return null;
    const { partitions, brokers } = this.#read(0);
    const mean = sumOf(partitions, messagesAt) / Math.max(1, this.#table.length);
    const order = byMessages(partitions);
    const most = partitions[(order[0] ?? 0) * fields + messagesAt] ?? 0;
    return {
      maxOverMean: mean === 0 || this.#table.length < 2 ? null : rounded(most / mean),
      partitions: order.slice(0, mostKept).flatMap((index) => {
        const place = this.#table[index];
        return place === undefined ? [] : [{ ...place, ...totalsAt(partitions, index * fields) }];
      }),
      brokers: [...brokers].sort(([a], [b]) => a - b).map(([id, cells]) => ({ id, ...totalsAt(cells, 0) })),
    };
  }

  #read(timeNs: number): Sample {
    const partitions = new Float64Array(this.#table.length * fields);
    const brokers = new Map<number, Float64Array>();
    for (const thread of this.#threads) {
      addCells(partitions, thread.byPartition, 0);
      thread.forEachBroker((brokerId, cells, start) => {
        const sums = brokers.get(brokerId) ?? new Float64Array(fields);
        brokers.set(brokerId, sums);
        addCells(sums, cells, start);
      });
    }
    return { timeNs, partitions, brokers };
  }

  #compare(): void {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || first === last) return;
    const seconds = (last.timeNs - first.timeNs) / 1e9;
    const grown = last.partitions.map((value, cell) => value - (first.partitions[cell] ?? 0));
    const partitions = byMessages(grown)
      .slice(0, mostRows)
      .flatMap((index): SkewPartitionRow[] => {
        const place = this.#table[index];
        return place === undefined ? [] : [{ ...place, ...ratesAt(grown, index * fields, seconds) }];
      });
    const brokers = [...last.brokers].map(([brokerId, cells]): SkewBrokerRow => {
      const before = first.brokers.get(brokerId);
      const since = cells.map((value, cell) => value - (before?.[cell] ?? 0));
      return { brokerId, ...ratesAt(since, 0, seconds) };
    });
    brokers.sort((a, b) => (b.roundTripMs ?? 0) - (a.roundTripMs ?? 0) || a.brokerId - b.brokerId);
    this.#skew = partitionSkew(this.#pieces());
    this.#view = {
      windowS: Math.round(seconds),
      partitions,
      brokers,
      maxOverMean: this.#skew?.maxOverMean ?? null,
      slowestOverMedian: brokerSkew(brokers)?.slowestOverMedian ?? null,
    };
  }

  /** Messages by partition between two samples each. */
  #pieces(): Float64Array[] {
    return this.#samples.slice(1).map((sample, index) => {
      const before = this.#samples[index]?.partitions;
      const piece = new Float64Array(this.#table.length);
      for (let at = 0; at < piece.length; at++) {
        const cell = at * fields + messagesAt;
        piece[at] = (sample.partitions[cell] ?? 0) - (before?.[cell] ?? 0);
      }
      return piece;
    });
  }
}

function addCells(sums: Float64Array, cells: Float64Array, start: number): void {
  for (let cell = 0; cell < sums.length; cell++) sums[cell] = (sums[cell] ?? 0) + (cells[start + cell] ?? 0);
}

/** Partition indexes, the one with the most messages first. */
function byMessages(cells: Float64Array): number[] {
  const messages = (index: number): number => cells[index * fields + messagesAt] ?? 0;
  const indexes = Array.from({ length: cells.length / fields }, (_, index) => index);
  return indexes.sort((a, b) => messages(b) - messages(a) || a - b);
}

function sumOf(cells: Float64Array, field: number): number {
  let sum = 0;
  for (let cell = field; cell < cells.length; cell += fields) sum += cells[cell] ?? 0;
  return sum;
}

function ratesAt(cells: Float64Array, start: number, seconds: number) {
  return {
    messageRate: (cells[start + messagesAt] ?? 0) / seconds,
    bytesRate: (cells[start + bytesAt] ?? 0) / seconds,
    roundTripMs: roundTripAtCell(cells, start),
  };
}

function totalsAt(cells: Float64Array, start: number) {
  const meanRoundTripMs = roundTripAtCell(cells, start);
  return {
    acked: cells[start + messagesAt] ?? 0,
    bytes: cells[start + bytesAt] ?? 0,
    roundTripMs: meanRoundTripMs === null ? null : rounded(meanRoundTripMs),
  };
}

function roundTripAtCell(cells: Float64Array, start: number): number | null {
  const answers = cells[start + answersAt] ?? 0;
  return answers === 0 ? null : (cells[start + roundTripAt] ?? 0) / answers / 1e6;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

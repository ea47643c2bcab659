/** A sink that writes down what it is told. */
import type { ClientEvent, RecordSink } from '../../../../source/clients/types.ts';

export interface SeenRecord {
  readonly partitionIndex: number;
  readonly value: Buffer | null;
  readonly headers: Buffer;
}

export class RecordingSink implements RecordSink {
  readonly records: SeenRecord[] = [];
  readonly batches: { partitionIndex: number; baseOffset: number; count: number; bytes: number; nowNs: number }[] = [];
  readonly positions = new Map<number, { nextOffset: number; highWatermark: number }>();
  readonly corrupted = new Map<number, number>();
  readonly expiredCounts = new Map<number, number>();
  readonly events: ClientEvent[] = [];
  /** Called after each record and each position. */
  onRecord: (() => void) | null = null;
  onPosition: ((partitionIndex: number) => void) | null = null;
  #partition = -1;

  batch(partitionIndex: number, baseOffset: number, count: number, bytes: number, nowNs: number): void {
    this.#partition = partitionIndex;
    this.batches.push({ partitionIndex, baseOffset, count, bytes, nowNs });
  }

  record(bytes: Buffer, valueStart: number, valueLength: number, headersStart: number, end: number): void {
    this.records.push({
      partitionIndex: this.#partition,
      value: valueLength < 0 ? null : Buffer.from(bytes.subarray(valueStart, valueStart + valueLength)),
      headers: Buffer.from(bytes.subarray(headersStart, end)),
    });
    this.onRecord?.();
  }

  position(partitionIndex: number, nextOffset: number, highWatermark: number): void {
    this.positions.set(partitionIndex, { nextOffset, highWatermark });
    this.onPosition?.(partitionIndex);
  }

  corrupt(partitionIndex: number, count: number): void {
    this.corrupted.set(partitionIndex, (this.corrupted.get(partitionIndex) ?? 0) + count);
  }

  expired(partitionIndex: number, count: number): void {
    this.expiredCounts.set(partitionIndex, (this.expiredCounts.get(partitionIndex) ?? 0) + count);
  }

  event(event: ClientEvent): void {
    this.events.push(event);
  }

  valuesOf(partitionIndex: number): (Buffer | null)[] {
    return this.records.filter((seen) => seen.partitionIndex === partitionIndex).map(({ value }) => value);
  }

  eventsOf<Kind extends ClientEvent['kind']>(kind: Kind): Extract<ClientEvent, { kind: Kind }>[] {
    return this.events.filter((event): event is Extract<ClientEvent, { kind: Kind }> => event.kind === kind);
  }
}

/** What compression does, in words, wherever people meet it. */
import { byteRateText, ratioText } from './figures-text.ts';
import type { KnobView } from './view.ts';

/**
 * `compressed 3.1× (lz4): 97.3 MiB/s of messages are 31.4 MiB/s on the wire`. The messages are those of batches, with
 * what frames them.
 */
export function compressionText(codec: string, ratio: number, wireBytesRate: number): string {
  const plain = byteRateText(wireBytesRate * ratio);
  return `compressed ${ratioText(ratio)} (${codec}): ${plain} of messages are ${byteRateText(wireBytesRate)} on the wire`;
}

/** The knobs, that of compression with the ratio it gives now. */
export function withRatio(knobs: readonly KnobView[], ratio: number | null): readonly KnobView[] {
  if (ratio === null) return knobs;
  return knobs.map((knob) =>
    knob.name === 'compression' && knob.applied !== 'none' ? { ...knob, note: ratioText(ratio) } : knob,
  );
}

/** The codec in force; null: none is. */
export function codecInForce(knobs: readonly KnobView[]): string | null {
  const codec = knobs.find(({ name }) => name === 'compression')?.applied;
  return typeof codec !== 'string' || codec === 'none' ? null : codec;
}

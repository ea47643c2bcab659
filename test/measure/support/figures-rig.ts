/** Spans, one thread's figures and its recorder, as a load thread has them. */
import type { LatencyTag } from '../../../source/config/plan.ts';
import { createFiguresBuffer, Figures, totalAt } from '../../../source/measure/figures.ts';
import { Recorder } from '../../../source/measure/recorder.ts';
import { createSpanBuffer, SpanCursor, SpanTable } from '../../../source/measure/spans.ts';

export function spanTable() {
  const buffer = createSpanBuffer();
  const table = new SpanTable(buffer);
  table.open(0, 0, 'measuring');
  return { buffer, table };
}

/** One more thread on the same spans. */
export function recordingThread(spans: SharedArrayBuffer, tags: readonly LatencyTag[]) {
  const shared = createFiguresBuffer(tags);
  const figures = new Figures(shared);
  return { shared, figures, recorder: new Recorder(figures, new SpanCursor(spans), totalAt.lostIntervals) };
}

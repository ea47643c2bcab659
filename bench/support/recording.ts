/** Figures and recorder of one thread over a single span, as a load thread has them. */
import type { LatencyTag } from '../../source/config/plan.ts';
import { createFiguresBuffer, Figures, totalAt } from '../../source/measure/figures.ts';
import { Recorder } from '../../source/measure/recorder.ts';
import { createSpanBuffer, SpanCursor, SpanTable } from '../../source/measure/spans.ts';

export function recording(tags: readonly LatencyTag[]) {
  const spans = createSpanBuffer();
  new SpanTable(spans).open(0, 0, 'measuring');
  const figures = new Figures(createFiguresBuffer(tags));
  return { spans, figures, recorder: new Recorder(figures, new SpanCursor(spans), totalAt.lostIntervals) };
}

/** What tells whether somebody's processor is what holds messages up: the last seconds of it, since the last change. */
import type { PipelineReading, PipelineSample } from '../analysis/pipeline-bound.ts';
import { insidePipeline } from './inside-pipeline.ts';
import type { KnobBoard } from './knob-board.ts';
import type { RunState } from './run-state.ts';

const secondNs = 1e9;
const mostSeconds = 20;
/** What follows a change at once says as much of before. */
const settleNs = 1e9;

type Source = Pick<RunState, 'happenings' | 'plan' | 'timeline'> & { readonly board: Pick<KnobBoard, 'number'> };

/** null: there is no pipeline, or it filters, or nobody reads, so that nobody can tell what is inside. */
export function pipelineReading({ board, happenings, plan, timeline }: Source, nowNs: number): PipelineReading | null {
  if (plan.consumeTopic === null || !plan.missingGate || board.number('consumers') === 0) return null;
  const sinceNs = Math.max(nowNs - mostSeconds * secondNs, timeline.changedNs(nowNs) + settleNs);
  const samples: PipelineSample[] = [];
  for (let endNs = nowNs; endNs - secondNs >= sinceNs; endNs -= secondNs) {
    const sample = happenings.sampleAt(endNs);
    const inPipeline =
      sample === undefined ? null : insidePipeline((field) => sample.total(field), sample.gauges.lagMessages);
    if (inPipeline === null) break;
    const answers = happenings.growth('responses', endNs - secondNs, endNs);
    const serviceNs = happenings.growth('serviceNs', endNs - secondNs, endNs);
    samples.unshift({
      inPipeline,
      serviceMs: answers < 1 ? null : serviceNs / answers / 1e6,
    });
  }
  return {
    samples,
    ackedRate: happenings.rate('acked', nowNs - samples.length * secondNs, nowNs),
    watched: watchedNow(happenings),
  };
}

/** The first group of which that is known. */
function watchedNow({ last }: Source['happenings']): PipelineReading['watched'] {
  const known = (last?.gauges.watched ?? []).flatMap(({ group, lagMessages, commitAgeMs }) =>
    lagMessages === null || commitAgeMs === null ? [] : [{ group, lagMessages, commitAgeMs }],
  );
  return known[0] ?? null;
}

/**
 * Whether a processor between two topics is what holds messages up: more and more of them are inside it, while the
 * cluster takes them as fast as ever. Pure.
 */
import { mannKendall, median, theilSen } from './trend.ts';

/** Of one second. */
export interface PipelineSample {
  /** Messages acknowledged at the input that have not reached the output. */
  readonly inPipeline: number;
  /** Mean service time, ms; null: nothing was acknowledged. */
  readonly serviceMs: number | null;
}

export interface PipelineReading {
  /** A second apart, oldest first. */
  readonly samples: readonly PipelineSample[];
  /** Messages a second that the input acknowledges. */
  readonly ackedRate: number;
  /** The processor's consumer group as its last commit left it; null: none is watched, or it has not committed. */
  readonly watched: { readonly group: string; readonly lagMessages: number; readonly commitAgeMs: number } | null;
}

export interface PipelineBound {
  /** A sentence with the figures. */
  readonly evidence: string;
  /** Messages a second by which the pipeline fills. */
  readonly growthRate: number;
  /** Messages a second that it lets through. */
  readonly throughRate: number;
}

/** Fewer say nothing about a trend. */
export const fewestPipelineSamples = 10;
/** The limits of `lag-verdict.ts`: growth that matters, and that is no noise. */
const growthOfRate = 0.005;
const significant = 0.01;
/** What is inside at any time, of a pipeline that keeps up, ms of the rate. */
const momentMs = 100;
/** Service that rises by more than this over the samples is not flat: then it is the cluster. */
const flatWithin = 0.2;

/** null: the pipeline keeps up, the cluster slows down as well, or there are too few samples. */
export function pipelineBound({ samples, ackedRate, watched }: PipelineReading): PipelineBound | null {
  if (samples.length < fewestPipelineSamples || ackedRate <= 0) return null;
  const inside = samples.map(({ inPipeline }) => inPipeline);
  const growthRate = theilSen(inside);
  const last = inside.at(-1) ?? 0;
  if (growthRate <= growthOfRate * ackedRate || mannKendall(inside).pRising >= significant) return null;
  if (last <= (momentMs / 1000) * ackedRate) return null;
  const service = samples.flatMap(({ serviceMs }) => serviceMs ?? []);
  if (service.length < fewestPipelineSamples || isRising(service)) return null;
  const behind = watched === null ? '' : `; group ${watched.group} is ${counted(watched.lagMessages)} behind`;
  const age = watched === null ? '' : ` (committed ${seconds(watched.commitAgeMs)} ago)`;
  return {
    evidence:
      `${counted(last)} messages in the pipeline, ${counted(growthRate)}/s more, while service stays at ` +
      `${median(service).toPrecision(3)} ms${behind}${age}`,
    growthRate,
    throughRate: Math.max(0, ackedRate - growthRate),
  };
}

function isRising(service: readonly number[]): boolean {
  const rise = theilSen(service) * (service.length - 1);
  return mannKendall(service).pRising < significant && rise > flatWithin * median(service);
}

function counted(messages: number): string {
  return Math.round(messages).toLocaleString('en-US');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

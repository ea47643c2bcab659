/** A step in words, under way and over. Pure. */
import { longestStepMs, type StepVerdict } from '../../analysis/step-verdict.ts';
import type { SearchStep } from '../document-schema.ts';
import { unansweredIn } from '../figures-of.ts';
import { msUnitText, rateText } from '../figures-text.ts';
import { percentileMs } from '../latency-percentiles.ts';
import { figureName, type StepFigure, stepMs } from './search-words.ts';
import type { Step, StepPicture } from './step-watch.ts';

/** "1:10", "0:09", "8:00:00". */
export function timeText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return `${hours > 0 ? `${hours}:${two(minutes % 60)}` : minutes}:${two(seconds % 60)}`;
}

/** How a step stands, and the figure that tells. */
export interface StepNow {
  readonly step: Pick<Step, 'role' | 'rateHz' | 'startNs' | 'confirmMs'>;
  readonly picture: Pick<StepPicture, 'tally'> | null;
  readonly verdict: StepVerdict;
  readonly figure: StepFigure;
}

/** "now 61.3 k/s: 14 s, p99 9.60 ms, 0.71 % over   extending up to 30 s". */
export function nowText({ step, picture, verdict: { why, latency }, figure }: StepNow, nowNs: number): string {
  const seconds = Math.max(0, Math.floor((nowNs - step.startNs) / 1e9));
  const now = `now ${rateText(step.rateHz)}: ${seconds} s`;
  if (picture === null) return now;
  const { tally } = picture;
  const { tag, percentile } = figure;
  const ms = percentileMs(tally.latencies[tag], percentile, unansweredIn(tally, tag));
  const over =
    latency === null || Number.isNaN(latency.overFraction) ? '' : `, ${(latency.overFraction * 100).toFixed(2)} % over`;
  return `${now}${figureText(figure, ms)}${over}${whyText(why, step)}`;
}

/** "64.0 k/s fail (latency), marginal, p99 10.9 ms". */
export function doneText(step: SearchStep, figure: StepFigure): string {
  const { targetRate, verdict, limitedBy, marginal } = step;
  const ms = stepMs(step, figure);
  const by = limitedBy === null ? '' : ` (${limitedBy})`;
  return `${rateText(targetRate)} ${verdict}${by}${marginal ? ', marginal' : ''}${figureText(figure, ms)}`;
}

function figureText(figure: StepFigure, ms: number | null): string {
  return ms === null ? '' : `, ${figureName(figure)} ${msUnitText(ms)}`;
}

function whyText(why: StepVerdict['why'], { role, confirmMs }: StepNow['step']): string {
  switch (why) {
    case 'unsure':
      return `   extending up to ${(role === 'confirm' ? confirmMs : longestStepMs) / 1000} s`;
    case 'unsteady':
      return '   not steady yet';
    case 'few-messages':
      return '   too few messages yet';
    case 'too-early':
    case 'decided':
      return '';
  }
}

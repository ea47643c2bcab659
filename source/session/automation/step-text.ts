/** A step under way in words. Pure. */
import { longestStepMs, type StepVerdict } from '../../analysis/step-verdict.ts';
import { unansweredIn } from '../figures-of.ts';
import { msText, rateText } from '../figures-text.ts';
import { percentileMs } from '../latency-percentiles.ts';
import type { Step, StepPicture } from './step-watch.ts';

/** "1:10", "0:09". */
export function timeText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** "now 61.3 k/s: 14 s, p99 9.6 ms, 0.71 % over   extending to 30 s". */
export function nowText(step: Step, picture: StepPicture | null, { why, latency }: StepVerdict, nowNs: number): string {
  const seconds = Math.max(0, Math.floor((nowNs - step.startNs) / 1e9));
  const now = `now ${rateText(step.rateHz)}: ${seconds} s`;
  if (picture === null) return now;
  const { tally } = picture;
  const p99 = percentileMs(tally.latencies.response, 99, unansweredIn(tally, 'response'));
  const over =
    latency === null || Number.isNaN(latency.overFraction) ? '' : `, ${(latency.overFraction * 100).toFixed(2)} % over`;
  return `${now}${p99 === null ? '' : `, p99 ${msText(p99)} ms`}${over}${whyText(why)}`;
}

function whyText(why: StepVerdict['why']): string {
  switch (why) {
    case 'unsure':
      return `   extending up to ${longestStepMs / 1000} s`;
    case 'unsteady':
      return '   not steady yet';
    case 'few-messages':
      return '   too few messages yet';
    case 'too-early':
    case 'decided':
      return '';
  }
}

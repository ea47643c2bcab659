/** What F and g suggest to begin, as lines of the command prompt, and how long what is typed there will take. Pure. */

import { scheduleMs } from '../config/rate-schedule.ts';
import { shortSloText } from '../config/slo.ts';
import { formatRate } from '../config/units.ts';
import { parseAutomation } from '../session/automation/requests.ts';
import { resumeObstacle, resumesAt } from '../session/automation/resume.ts';
import { timeText } from '../session/automation/step-text.ts';
import { searchTakesMs } from '../session/automation/takes.ts';
import { rateText } from '../session/figures-text.ts';
import type { SessionView } from '../session/view.ts';

const usualLimitMs = 10;
const rampSeconds = 60;

/**
 * `find resume` where a search was stopped and nothing was turned since; else what was asked for last, so that results can
 * be held against each other; else `find p99<12ms from 1k cap 200k quick`. `history`: commands typed, oldest first.
 */
export function findLine(view: SessionView, history: readonly string[]): string {
  if (resumable(view) === null) return 'find resume';
  const again = history.findLast((line) => /^:?\s*find\s/.test(line) && !/\sresume\b/.test(line));
  if (again !== undefined) return again.replace(/^:?\s*/, '');
  const { fromRate, slos } = view.plan;
  const asked = slos.length === 0 ? `p99<${suggestedMs(view)}ms` : slos.map(shortSloText).join(' ');
  const cap = view.maxRate === null ? '' : ` cap ${formatRate(view.maxRate)}`;
  return `find ${asked} from ${formatRate(Math.min(fromRate, view.maxRate ?? fromRate))}${cap} quick`;
}

/** Three times what the response is now, one digit. */
function suggestedMs({ latency }: SessionView): number {
  const { valueMs } = latency.response.p99;
  if (valueMs === null || valueMs <= 0) return usualLimitMs;
  const wanted = valueMs * 3;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return Number((Math.ceil(Number((wanted / power).toPrecision(9))) * power).toPrecision(1));
}

/** `ramp 50k 100k 60s`: from the present rate to its double. */
export function rampLine(view: SessionView): string {
  const from = Math.max(1, Math.round(view.targetRate ?? view.ackedRate));
  const to = Math.min(from * 2, view.maxRate ?? Number.POSITIVE_INFINITY);
  return `ramp ${formatRate(from)} ${formatRate(to)} ${rampSeconds}s`;
}

/** `about 2:10   ⏎ begins, esc`, for a search or a ramp that could begin, or why it could not; null: the line is neither. */
export function takesText(line: string, view: SessionView, enter: string): string | null {
  const [name, ...words] = line.trim().split(/\s+/);
  if ((name !== 'find' && name !== 'ramp') || words.length === 0) return null;
  const parsed = parseAutomation(name, words);
  if (!parsed.ok) return null;
  const { request } = parsed;
  const begins = (text: string): string => `${text}   ${enter} begins, esc`;
  switch (request.kind) {
    case 'ramp': {
      const ms = scheduleMs(request.parts);
      return begins(ms === null ? 'without end' : `takes ${timeText(ms)}`);
    }
    case 'find': {
      const plan = { ...view.plan, maxRate: view.maxRate };
      if (!request.resume) return begins(`about ${timeText(searchTakesMs(request, plan))}`);
      const last = view.searches.at(-1);
      const passed = last?.bracket?.[0];
      const soFar = passed === undefined ? '' : `, ${rateText(passed)} passed`;
      return resumable(view) ?? begins(`goes on at step ${resumesAt(last)}${soFar}`);
    }
    default:
      return null;
  }
}

/** Why the last search cannot be gone on with; null: it can. */
function resumable({ knobs, searches }: SessionView): string | null {
  const values = Object.fromEntries(knobs.map(({ name, requested }) => [name, requested]));
  return resumeObstacle(searches.at(-1), values);
}

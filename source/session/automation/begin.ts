/** From a wish to an automation: what a search or a ramp needs before it may begin, and the question where there is one. */

import { stepsLeft } from '../../analysis/search.ts';
import { sloObstacle } from '../../config/check-plan.ts';
import { sweepObstacle } from '../../config/check-sweep.ts';
import type { Slo } from '../../config/plan.ts';
import { highestRate } from '../../config/rate-schedule.ts';
import { withKnobs } from '../../config/with-knobs.ts';
import { rateText } from '../figures-text.ts';
import { refuseKnob } from '../knob-board.ts';
import { unprovenMultiple } from '../knob-text.ts';
import type { RunState } from '../run-state.ts';
import type { ControlAnswer } from '../view.ts';
import { Holder } from './holder.ts';
import type { Pilot } from './pilot.ts';
import { Ramp } from './ramp.ts';
import type { AutomationRequest, FindRequest, SweepRequest } from './requests.ts';
import { resumeObstacle, resumesAt } from './resume.ts';
import type { FindSettings } from './search-account.ts';
import { Soaker } from './soaker.ts';
import { timeText } from './step-text.ts';
import { expectedMs, limitsOf, lower, searchTakesMs, warmUpMs } from './takes.ts';

const refused = (message: string): ControlAnswer => ({ kind: 'refused', message });

/** `confirmed`: the question was answered with yes. */
export function beginAutomation(
  run: RunState,
  pilot: Pilot,
  request: AutomationRequest,
  confirmed: boolean,
): ControlAnswer {
  if (run.plan.mode === 'consume-only') return refused('this run only consumes (--consume-only)');
  if (run.phase !== 'measuring') return refused('once the warm-up is over');
  if (run.paused) return refused('the load is paused: space resumes it first');
  switch (request.kind) {
    case 'find':
      return request.resume ? resumeFind(run, pilot) : beginFind(run, pilot, request, confirmed);
    case 'ramp':
      return beginRamp(run, pilot, request, confirmed);
    case 'hold':
      return beginHold(run, pilot, request, confirmed);
    case 'soak':
      return beginSoak(run, pilot, request, confirmed);
    case 'sweep':
      return beginSweep(run, pilot, request, confirmed);
  }
}

/** What the plan asks for besides a load, once the warm-up is over. */
export function beginTask(run: RunState, pilot: Pilot): void {
  const { plan } = run;
  switch (plan.task) {
    case 'find': {
      const { fromRate: fromHz, maxRate: maxHz, quick, maxTimeMs, slos, producers, threads } = plan;
      const settings = {
        slos,
        fromHz,
        maxHz,
        quick,
        maxTimeMs,
        warmUpMs: 0,
        mostProducers: Math.max(threads, producers),
        haste: pilot.haste,
      };
      const { title } = pilot.find(settings);
      const message = `${title} begins at ${rateText(Math.min(fromHz, maxHz ?? fromHz))}, about ${timeText(expectedMs(stepsLeft(settings, []), quick))}`;
      run.log.add(Date.now(), 'search', message);
      return;
    }
    case 'sweep': {
      const { sweep, repeats, seed, findSlos: slos, fromRate: fromHz, maxRate: maxHz } = plan;
      const sweeper = pilot.sweep({ knobs: sweep, repeats, seed, slos, fromHz, maxHz });
      run.log.add(Date.now(), 'search', `${sweeper.title} begins, about ${timeText(sweeper.takesMs)}`);
      return;
    }
    case 'run':
      if (plan.rateSchedule.length > 0) pilot.begin(new Ramp(run, pilot.wheel, plan.rateSchedule));
      return;
  }
}

function beginRamp(
  run: RunState,
  pilot: Pilot,
  { parts }: Extract<AutomationRequest, { kind: 'ramp' }>,
  confirmed: boolean,
): ControlAnswer {
  const { maxRate } = run.plan;
  const highest = highestRate(parts);
  if (maxRate !== null && highest > maxRate) {
    return refused(`the ramp goes up to ${rateText(highest)}, above the cap of ${rateText(maxRate)} (--max-rate)`);
  }
  const question = beyondRails(run, pilot, 'ramp', highest);
  if (question !== null && !confirmed) return { kind: 'confirm', question };
  const ramp = new Ramp(run, pilot.wheel, parts);
  pilot.begin(ramp);
  return { kind: 'done', message: ramp.title };
}

/** The question before a load that goes far beyond what ran clean; null: there is none. */
function beyondRails(
  { rails, cleanRate, rateHz }: RunState,
  pilot: Pilot,
  what: string,
  highestHz: number,
): string | null {
  const provenHz = Math.max(cleanRate ?? rateHz ?? 0, pilot.found?.rateHz ?? 0);
  if (!rails || highestHz <= unprovenMultiple * provenHz) return null;
  const highest = Number.isFinite(highestHz) ? rateText(highestHz) : 'max';
  return `the ${what} goes up to ${highest}; the highest that ran clean is ${rateText(provenHz)}`;
}

function beginHold(
  run: RunState,
  pilot: Pilot,
  request: Extract<AutomationRequest, { kind: 'hold' }>,
  confirmed: boolean,
): ControlAnswer {
  const slos = request.slos.length > 0 ? request.slos : run.plan.slos;
  if (slos.length === 0) return refused('hold what? :hold p99<10ms');
  const obstacle = obstacleTo(run, slos);
  if (obstacle !== null) return refused(obstacle);
  const maxHz = lower(request.maxHz, run.plan.maxRate);
  if (run.rails && maxHz === null && !confirmed) {
    return { kind: 'confirm', question: 'raises the rate by 2 % each 5 s for as long as that holds, without a cap' };
  }
  const holder = new Holder(run, pilot.wheel, { slos, maxHz });
  pilot.begin(holder);
  return { kind: 'done', message: `${holder.title}: up 2 % each 5 s, a tenth back where it breaks` };
}

function beginSoak(
  run: RunState,
  pilot: Pilot,
  { at, forMs }: Extract<AutomationRequest, { kind: 'soak' }>,
  confirmed: boolean,
): ControlAnswer {
  const found = pilot.found;
  if (at.kind === 'share' && found === null) return refused('no search has found a rate yet: :soak 40k 30m names one');
  const rateHz = at.kind === 'rate' ? at.rateHz : at.fraction * (found?.rateHz ?? 0);
  const { maxRate } = run.plan;
  if (maxRate !== null && rateHz > maxRate) return refused(`${rateText(rateHz)} is above --max-rate`);
  const question = beyondRails(run, pilot, 'soak', rateHz);
  if (question !== null && !confirmed) return { kind: 'confirm', question };
  const soaker = new Soaker(run, pilot.wheel, { rateHz, forMs, slos: found?.slos ?? run.plan.slos });
  pilot.begin(soaker);
  return { kind: 'done', message: soaker.title };
}

/** Why an objective cannot be judged as things stand; null: all can. */
function obstacleTo({ plan, board }: RunState, slos: readonly Slo[]): string | null {
  const now = withKnobs(plan, board.values());
  for (const slo of slos) {
    const obstacle = sloObstacle(slo, now);
    if (obstacle !== null) return obstacle.message;
  }
  return null;
}

function beginFind(run: RunState, pilot: Pilot, request: FindRequest, confirmed: boolean): ControlAnswer {
  const { plan, board, rails } = run;
  const slos: readonly Slo[] = request.slos.length > 0 ? request.slos : plan.slos;
  const obstacle = obstacleTo(run, slos);
  if (obstacle !== null) return refused(obstacle);
  const settings: Omit<FindSettings, 'number'> = {
    slos,
    ...limitsOf(request, plan),
    warmUpMs: warmUpMs / pilot.haste,
    mostProducers: Math.max(plan.threads, board.number('producers')),
    haste: pilot.haste,
  };
  const takes = timeText(searchTakesMs(request, plan));
  if (rails && settings.maxHz === null && !confirmed) {
    const from = rateText(settings.fromHz);
    return { kind: 'confirm', question: `doubles the rate from ${from} until it fails, without a cap, about ${takes}` };
  }
  const { title } = pilot.find(settings);
  return { kind: 'done', message: `${title}, about ${takes}` };
}

/** Of each combination, where nobody says. */
const usualRepeats = 2;

function beginSweep(run: RunState, pilot: Pilot, request: SweepRequest, confirmed: boolean): ControlAnswer {
  const { plan, board } = run;
  const { knobs: swept, seed } = request;
  const slos = request.slos === null ? [] : request.slos.length > 0 ? request.slos : plan.slos;
  if (request.slos !== null && slos.length === 0) return refused('search for what? :sweep linger=0,5ms find p99<10ms');
  const maxHz = lower(request.maxHz, plan.maxRate);
  const repeats = request.repeats ?? (slos.length > 0 ? 1 : usualRepeats);
  const now = withKnobs(plan, board.values());
  const wished = { ...now, task: 'sweep', sweep: swept, repeats, findSlos: slos, maxRate: maxHz } as const;
  const obstacle = sweepObstacle(wished, null);
  if (obstacle !== null) return refused(`${obstacle.message}. ${obstacle.next}`);
  for (const { name, values } of swept) {
    const refusals = values.map((value) => refuseKnob(plan, board, name, value));
    const refusal = refusals.find((one) => one !== null);
    if (refusal !== undefined && refusal !== null) return refused(refusal);
  }
  const rates = swept.find(({ name }) => name === 'rate')?.values ?? [];
  const highest = Math.max(0, ...rates.map((rate) => (typeof rate === 'number' ? rate : (maxHz ?? Infinity))));
  const question = beyondRails(run, pilot, 'sweep', highest);
  if (question !== null && !confirmed) return { kind: 'confirm', question };
  const fromHz = request.fromHz ?? plan.fromRate;
  const { title, takesMs } = pilot.sweep({ knobs: swept, repeats, seed: seed ?? plan.seed, slos, fromHz, maxHz });
  return { kind: 'done', message: `${title}, about ${timeText(takesMs)}` };
}

/** As it was when it was stopped: the steps so far count. */
function resumeFind(run: RunState, pilot: Pilot): ControlAnswer {
  const last = pilot.searches(run.clock.nowNs()).at(-1);
  const obstacle = resumeObstacle(last, run.board.values());
  if (obstacle !== null) return refused(obstacle);
  const finder = pilot.resume();
  if (finder === null) return refused('there is no search to go on with');
  return { kind: 'done', message: `${finder.title} goes on at step ${resumesAt(last)}` };
}

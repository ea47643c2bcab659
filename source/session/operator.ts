/** What an operator or a script can do to a running session: knobs, pauses, back off, undo, save. */
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type KnobName, type KnobValue, knobs } from '../config/knobs.ts';
import { LoadtuiError, messageOf } from '../errors.ts';
import { beginAutomation } from './automation/begin.ts';
import { Pilot, type PilotOptions } from './automation/pilot.ts';
import { Ramp } from './automation/ramp.ts';
import type { AutomationRequest } from './automation/requests.ts';
import type { RateTurn, Wheel } from './automation/wheel.ts';
import { rateText, wholeNumber } from './figures-text.ts';
import { type KnobChange, refuseKnob } from './knob-board.ts';
import { changeText, knobText, pastRails } from './knob-text.ts';
import { consumerKnobs, producerKnobs } from './load-side.ts';
import type { RunState } from './run-state.ts';
import type { Timeline } from './timeline.ts';
import type { ControlAnswer, SessionControl } from './view.ts';
import { untilNs } from './wait.ts';

const done = (message: string): ControlAnswer => ({ kind: 'done', message });
const refused = (message: string): ControlAnswer => ({ kind: 'refused', message });

/** How often it is looked whether all threads have a knob. */
const steerLookMs = 20;

export class Operator implements SessionControl {
  readonly pilot: Pilot;
  readonly #run: RunState;
  readonly #write: (path: string | null, force: boolean) => Promise<string>;
  /** Changes of producers and consumers, one after the other. */
  #reshaping: Promise<void> = Promise.resolve();
  /** Consumers are to stand still. */
  #halted = false;

  /** `write` saves a snapshot and answers the path. */
  constructor(run: RunState, pilot: PilotOptions, write: (path: string | null, force: boolean) => Promise<string>) {
    this.#run = run;
    this.#write = write;
    const wheel: Wheel = {
      rate: (rateHz, turn) => this.#steerRate(rateHz, turn),
      knob: (name, value, why) => this.#steerKnob(name, value, why),
    };
    this.pilot = new Pilot(run, wheel, pilot);
  }

  /** Resolves when no change of producers or consumers is under way. */
  get settled(): Promise<void> {
    return this.#reshaping;
  }

  setKnob(name: KnobName, value: KnobValue, confirmed = false): ControlAnswer {
    const { active } = this.pilot;
    if (active === null) {
      const answer = this.#turn(name, value, confirmed, true);
      if (answer.kind === 'done') this.pilot.dismiss();
      return answer;
    }
    // What cannot be had is refused before anything is taken over.
    const refusal = refuseKnob(this.#run.plan, this.#run.board, name, value);
    if (refusal !== null) return refused(refusal);
    if (!confirmed) {
      const present = this.#run.presentRate(this.#run.clock.nowNs());
      const further = name === 'rate' ? this.#beyondRails(this.#capped(value), present) : null;
      const question = `take over from ${active.title}?${further === null ? '' : ` ${further}`}`;
      return { kind: 'confirm', question };
    }
    this.pilot.stop('taken over');
    return this.#turn(name, value, confirmed, true);
  }

  automate(request: AutomationRequest, confirmed = false): ControlAnswer {
    return beginAutomation(this.#run, this.pilot, request, confirmed);
  }

  stopAutomation(): ControlAnswer {
    const stopped = this.pilot.stop('stopped');
    if (stopped !== null) return done(`${stopped.title} stopped; the load stays at ${rateText(this.#run.rateHz)}`);
    if (this.pilot.card === null) return refused('nothing turns the knobs but you');
    this.pilot.dismiss();
    return done('put away');
  }

  reverse(): ControlAnswer {
    const { active } = this.pilot;
    if (!(active instanceof Ramp)) return refused('there is no ramp to turn round');
    active.reverse(this.#run.clock.nowNs());
    return done(`${active.title}: turned round`);
  }

  pauseLoad(): ControlAnswer {
    if (this.#run.paused) return done('the load is paused already');
    if (!this.#run.running) return refused('there is no load to pause');
    this.#run.pause({ kind: 'paused', text: 'PAUSED: the load stands still. space resumes' });
    return done('load paused');
  }

  resumeLoad(): ControlAnswer {
    const run = this.#run;
    if (!run.paused) return done('the load is on');
    if (!run.running) return refused('the run is ending');
    const atNs = run.timeline.moment(run.clock.nowNs());
    run.paused = false;
    run.pausedBanner = null;
    run.attendedMs = Date.now();
    if (this.pilot.resumed(run.clock.nowNs())) {
      run.log.add(run.clock.toUnixMs(atNs), 'resume', 'load resumed; what was not due is not caught up', {}, true);
      return done('load resumed');
    }
    const { burst } = run.schedule(atNs, { rateHz: run.rateHz });
    const rest = burst === 0 ? 'what was not due' : `${wholeNumber(burst)} messages are due at once, the rest`;
    const message = `load resumed; ${rest} is not caught up`;
    run.log.add(run.clock.toUnixMs(atNs), 'resume', message, burst === 0 ? {} : { burst }, true);
    return done('load resumed');
  }

  pauseConsumers(): ControlAnswer {
    return this.#haltConsumers(true);
  }

  resumeConsumers(): ControlAnswer {
    return this.#haltConsumers(false);
  }

  freshFigures(): ControlAnswer {
    const run = this.#run;
    if (!run.running) return refused('there are no figures yet');
    const atNs = run.timeline.moment(run.clock.nowNs());
    run.schedule(atNs, { epochKnobs: run.board.snapshot() });
    run.freshNs = atNs;
    run.freshEpoch = run.timeline.epoch.index;
    const fields = { epoch: run.freshEpoch };
    run.log.add(run.clock.toUnixMs(atNs), 'figures', 'fresh figures; the file keeps all', fields, true);
    return done('fresh figures');
  }

  backOff(): ControlAnswer {
    const { cleanRate } = this.#run;
    this.pilot.stop('backed off');
    if (cleanRate === null) return refused('no rate has run clean for 10 s yet');
    return this.#turn('rate', cleanRate, true, true);
  }

  undo(): ControlAnswer {
    if (this.pilot.active !== null) return refused('there is something under way: esc stops it');
    const last = this.#run.board.takeLast();
    if (last === undefined) return refused('there is no change to take back');
    const answer = this.#turn(last.name, last.from, true, false);
    return answer.kind === 'done' ? done(`undone: ${answer.message}`) : answer;
  }

  async save(path: string | null, force: boolean): Promise<ControlAnswer> {
    const run = this.#run;
    if (run.phase === 'connecting') return refused('there is nothing to save yet');
    try {
      const saved = await this.#write(path, force);
      run.savedPath = saved;
      run.log.add(Date.now(), 'saved', `saved ${saved}`, { path: resolve(saved) });
      return done(`saved ${saved}`);
    } catch (error) {
      const next = error instanceof LoadtuiError ? error.next : undefined;
      return refused(next === undefined ? messageOf(error) : `${messageOf(error)}. ${next}`);
    }
  }

  note(message: string): void {
    const { clock, log } = this.#run;
    log.add(clock.toUnixMs(clock.nowNs()), 'info', message, {}, true);
  }

  attend(): void {
    this.#run.attendedMs = Date.now();
  }

  stop(reason: Parameters<SessionControl['stop']>[0]): void {
    this.#run.end(reason);
  }

  /** `failed` hears why a change that was begun could not come true. */
  #turn(
    name: KnobName,
    asked: KnobValue,
    confirmed: boolean,
    remember: boolean,
    failed: (error: unknown) => void = () => undefined,
  ): ControlAnswer {
    const { board, plan, running } = this.#run;
    const { label } = knobs[name];
    if (!running) return refused('knobs can be turned once the load is on');
    const refusal = refuseKnob(plan, board, name, asked);
    if (refusal !== null) return refused(refusal);
    const value = name === 'rate' ? this.#capped(asked) : asked;
    const over = value !== asked;
    const isCappedMax = name === 'rate' && asked === null && plan.maxRate !== null;
    const cap = over ? ' (the cap of --max-rate)' : isCappedMax ? `, up to ${rateText(plan.maxRate)}` : '';
    const before = board.requested(name);
    if (value === before) return done(`${label} is ${knobText(name, value)} already${cap}`);
    if (name === 'rate' && !confirmed) {
      const question = this.#beyondRails(value, before);
      if (question !== null) return { kind: 'confirm', question };
    }
    const change = board.request(name, value, this.#threadsFor(name), remember);
    this.#apply(change, failed);
    return done(`${changeText(change, plan.tuning)}${cap}`);
  }

  #capped(rate: KnobValue): KnobValue {
    const { maxRate } = this.#run.plan;
    return maxRate !== null && typeof rate === 'number' && rate > maxRate ? maxRate : rate;
  }

  /** The question before a rate that is far beyond what ran clean; null: there is none. */
  #beyondRails(value: KnobValue, before: KnobValue): string | null {
    const { rails, cleanRate, board } = this.#run;
    return rails ? pastRails(value, before, cleanRate, board.number('messageSize')) : null;
  }

  /** A rate from a moment on, asked of nobody: an epoch and an event, unless it goes on with what came before. */
  #steerRate(rateHz: number | null, { slope = null, intervalNs, atNs, goesOn = false, why }: RateTurn): number {
    const run = this.#run;
    const { board, clock, log, timeline, paused } = run;
    const moment = Math.max(timeline.moment(clock.nowNs()), Math.ceil(atNs ?? 0));
    const toHz = slope?.toHz ?? rateHz;
    const change = board.request('rate', toHz, this.#threadsFor('rate'), false);
    const took = (): void => {
      board.took('rate', toHz);
      this.#noteApplied();
    };
    const schedule = {
      rateHz: paused ? 0 : rateHz,
      slope: paused ? null : slope,
      ...(intervalNs === undefined ? {} : { intervalNs }),
      ...(goesOn ? {} : { epochKnobs: board.snapshot() }),
    };
    run.schedule(moment, schedule, took);
    if (goesOn) return moment;
    const message = `${slope === null ? rateText(rateHz) : `${rateText(rateHz)} → ${rateText(toHz)}`}: ${why}`;
    log.add(clock.toUnixMs(moment), 'knob', message, {
      knob: 'rate',
      from: change.from,
      to: toHz,
      epoch: timeline.epoch.index,
    });
    return moment;
  }

  /** Another knob, asked of nobody. Resolves when all threads have it; rejects where it cannot be had. */
  async #steerKnob(name: Exclude<KnobName, 'rate'>, value: KnobValue, why: string | null): Promise<void> {
    const { board, log } = this.#run;
    if (board.requested(name) === value) return;
    const faults: unknown[] = [];
    const answer = this.#turn(name, value, true, false, (error) => faults.push(error));
    if (answer.kind !== 'done') throw new Error(answer.kind === 'refused' ? answer.message : answer.question);
    if (why !== null) log.add(Date.now(), 'search', `${answer.message}: ${why}`);
    const inForce = (): boolean => board.views().some((knob) => knob.name === name && knob.applied === value);
    // What somebody else asks for meanwhile goes before.
    while (!inForce() && board.requested(name) === value && this.#run.running) await delay(steerLookMs);
    for (const fault of faults) throw fault;
  }

  #threadsFor(name: KnobName): number {
    const { load } = this.#run;
    if (load === null) return 0;
    const { threads } = knobs[name].appliedBy === 'consumers' ? load.consumers : load.producers;
    return threads.filter(({ dead }) => !dead).length;
  }

  /** Makes a change come true: a new epoch from a moment ahead, an event, and word to the threads. */
  #apply(change: KnobChange, told: (error: unknown) => void): void {
    const { board, load, plan } = this.#run;
    if (load === null) return;
    const { name, to } = change;
    const took = (): void => {
      board.took(name, to);
      this.#noteApplied();
    };
    const failed = (error: unknown): void => {
      board.withdraw(change);
      this.#noteApplied();
      this.#run.log.add(Date.now(), 'error', `${knobs[name].label} could not be changed: ${messageOf(error)}`);
      told(error);
    };
    switch (name) {
      case 'rate':
        this.#openEpoch(change, { rateHz: this.#run.paused ? 0 : this.#run.rateHz }, took);
        return;
      case 'producers':
        this.#reshape(() => this.#changeProducers(change), failed);
        return;
      case 'consumers':
        this.#openEpoch(change, {});
        this.#reshape(() => this.#changeConsumers(change), failed);
        return;
      case 'batchSize':
      case 'lingerMs':
      case 'acks':
      case 'compression':
      case 'messageSize':
      case 'inFlight':
        this.#turnProducers(change, took, failed);
        return;
      case 'fetchMinBytes':
      case 'fetchMaxWaitMs':
      case 'maxPartitionFetch':
        load.consumers.configure(consumerKnobs(plan, board), took).catch(failed);
        this.#openEpoch(change, {});
        return;
      default:
        name satisfies never;
    }
  }

  /** From the moment their epoch begins. A thread hears of the knobs before it hears of the epoch: it sends nothing of it yet. */
  #turnProducers(change: KnobChange, took: () => void, failed: (error: unknown) => void): void {
    const { board, clock, load, plan, timeline } = this.#run;
    const atNs = timeline.moment(clock.nowNs());
    const knobsOfEpoch = { knobs: producerKnobs(plan, board), epoch: timeline.epoch.index + 1, atNs };
    load?.producers.configure(knobsOfEpoch, took).catch(failed);
    this.#openEpoch(change, {}, undefined, atNs);
  }

  /** New producers connect before they get a share; those that leave are closed when their last message is answered. */
  async #changeProducers(change: KnobChange): Promise<void> {
    const { load, board, clock } = this.#run;
    const wanted = Number(change.to);
    if (load === null || !this.#run.running || board.requested('producers') !== change.to) return;
    await load.producers.open(wanted);
    // It took until the load was over: they get no share.
    if (!this.#run.running) return;
    // From what is in force: wishes that were overtaken never were.
    const from = this.#run.timeline.producers;
    const { startNs } = this.#openEpoch({ ...change, from }, { producers: wanted });
    await untilNs(clock.nowNs, startNs);
    board.applied('producers', change.to);
    this.#noteApplied();
    await load.producers.close(wanted);
  }

  async #changeConsumers({ to }: KnobChange): Promise<void> {
    const { load, board } = this.#run;
    if (load === null || board.requested('consumers') !== to) return;
    await load.consumers.set(Number(to));
    board.applied('consumers', to);
    this.#noteApplied();
  }

  #noteApplied(): void {
    this.#run.timeline.epoch.knobs = this.#run.board.snapshot();
  }

  #openEpoch(
    change: KnobChange,
    schedule: Parameters<Timeline['change']>[1],
    took: () => void = () => undefined,
    atNs = this.#run.timeline.moment(this.#run.clock.nowNs()),
  ) {
    const { timeline, clock, log, outcomes, board, plan } = this.#run;
    // First of all: what comes before it could take until the moment is over.
    const segment = this.#run.schedule(atNs, { ...schedule, epochKnobs: board.snapshot() }, took);
    const fields = { knob: change.name, from: change.from, to: change.to, epoch: timeline.epoch.index };
    const message = changeText(change, plan.tuning);
    outcomes.watch(log.add(clock.toUnixMs(atNs), 'knob', message, fields, true), atNs);
    return segment;
  }

  /** `#halted` is the wish: one that is asked for twice, or taken back at once, must not be judged by what is done so far. */
  #haltConsumers(halt: boolean): ControlAnswer {
    const { load, board, observer, log, running } = this.#run;
    if (!running) return refused('consumers can be paused once the load is on');
    if (load === null || board.number('consumers') === 0) return refused('nobody consumes in this run');
    if (this.#halted === halt) return done(halt ? 'consumers are paused already' : 'consumers read');
    this.#halted = halt;
    const act = async (): Promise<void> => {
      await (halt ? load.consumers.pause() : load.consumers.resume());
      if (halt) await observer?.commitNow();
    };
    this.#reshape(act, (error) => {
      log.add(Date.now(), 'error', `consumers could not be ${halt ? 'paused' : 'resumed'}: ${messageOf(error)}`);
    });
    const message = halt ? 'consumers paused, positions committed' : 'consumers resumed';
    log.add(Date.now(), halt ? 'pause' : 'resume', message, { consumers: true }, true);
    return done(message);
  }

  #reshape(change: () => Promise<void>, failed: (error: unknown) => void): void {
    this.#reshaping = this.#reshaping.then(change).catch(failed);
  }
}

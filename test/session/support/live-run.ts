/** Whole sessions against a sandbox of the test's own: started, watched, and waited for by condition. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { openCluster } from '../../../source/cluster/cluster.ts';
import type { Cluster } from '../../../source/cluster/types.ts';
import type { KnobName, KnobValue } from '../../../source/config/knobs.ts';
import type { Plan } from '../../../source/config/plan.ts';
import { plaintext, type SecurityMaterial } from '../../../source/config/security/material.ts';
import { messageOf } from '../../../source/errors.ts';
import { startSandboxHere } from '../../../source/sandbox/server.ts';
import { defaultSandboxOptions, type Sandbox, type SandboxOptions } from '../../../source/sandbox/types.ts';
import type { DocumentStart, IntervalRow, SessionDocument } from '../../../source/session/document-schema.ts';
import { Session, type SessionOptions, type SessionResult } from '../../../source/session/session.ts';
import type { Phase, SessionEvent, SessionView, Totals } from '../../../source/session/view.ts';
import { defaultPlan } from '../../support/default-plan.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** Machines that do other things as well are slow; a condition that never comes is told after this. */
export const patienceMs = 40_000;
/** Runs mostly wait: several at a time. */
export const sideBySide = { concurrent: true, timeout: 90_000 } as const;

const phases: readonly Phase[] = ['connecting', 'warm-up', 'measuring', 'draining', 'done'];

export const defaultService = defaultSandboxOptions.service;

export function brokersOf(sandbox: Pick<Sandbox, 'brokers'>): readonly string[] {
  return sandbox.brokers.map(({ host, port }) => `${host}:${port}`);
}

/** Faults and pauses are what most tests are about: the gate on what was achieved stands aside. */
const smallLoad: Partial<Plan> = {
  rate: 2000,
  messageSizeBytes: 100,
  warmUpMs: 200,
  durationMs: null,
  achievedGate: false,
  abortOn: [],
};

type RunOptions = Partial<
  Pick<SessionOptions, 'attended' | 'ask' | 'save' | 'journal' | 'commandLine' | 'searchHaste'>
> & { readonly security?: SecurityMaterial };

/** A session under way. */
export class LiveRun {
  readonly session: Session;
  readonly result: Promise<SessionResult>;
  readonly starts: DocumentStart[] = [];
  readonly events: SessionEvent[] = [];
  readonly rows: IntervalRow[] = [];
  readonly summaries: SessionDocument[] = [];
  #failure: unknown;

  constructor(plan: Plan, { security = plaintext, ...options }: RunOptions = {}) {
    this.session = new Session({
      resolved: { plan, sources: {}, warnings: [], security },
      commandLine: ['loadtui'],
      attended: false,
      ask: null,
      save: () => Promise.reject(new Error('this test saves nothing')),
      journal: null,
      ...options,
    });
    this.session.addSink({
      start: (start) => this.starts.push(start),
      event: (event) => this.events.push(event),
      interval: (row) => this.rows.push(row),
      summary: (document) => this.summaries.push(document),
      close: () => Promise.resolve(),
    });
    this.result = this.session.run();
    this.result.catch((error: unknown) => {
      this.#failure = error;
    });
  }

  get control(): Session['control'] {
    return this.session.control;
  }

  view(): SessionView {
    return this.session.view();
  }

  get totals(): Totals {
    return this.view().totals;
  }

  /** Waits until `look` answers true; fails with what has happened so far, and at once where the run broke off. */
  until(what: string, look: (view: SessionView) => boolean, timeoutMs = patienceMs): Promise<true> {
    return waitUntil(
      what,
      () => {
        if (this.#failure !== undefined) throw this.#failure;
        return look(this.view()) ? true : undefined;
      },
      { timeoutMs, everyMs: 15, describe: () => this.story() },
    );
  }

  reached(phase: Phase): Promise<true> {
    return this.until(`phase ${phase}`, () => phases.indexOf(this.session.phase) >= phases.indexOf(phase));
  }

  /** Waits for an event of a type whose message holds `part`. */
  async event(type: SessionEvent['type'], part = ''): Promise<SessionEvent> {
    const find = () => this.events.find((event) => event.type === type && event.message.includes(part));
    await this.until(`event "${type}: …${part}…"`, () => find() !== undefined);
    const found = find();
    if (found === undefined) throw new Error('an event went away');
    return found;
  }

  /** Waits until so many more messages have been consumed (acknowledged, where nobody consumes). */
  async more(messages: number): Promise<void> {
    const count = (view: SessionView): number =>
      view.plan.mode === 'produce-only' ? view.totals.acked : view.totals.consumed;
    const before = count(this.view());
    await this.until(`${messages} more messages`, (view) => count(view) >= before + messages);
  }

  /** Turns a knob, and waits until every thread has taken it and messages have run with it. */
  async turn(name: KnobName, value: KnobValue): Promise<void> {
    const answer = this.control.setKnob(name, value);
    if (answer.kind !== 'done') throw new Error(`${name} was not turned: ${JSON.stringify(answer)}`);
    await this.applied(name);
  }

  applied(name: KnobName): Promise<true> {
    return this.until(`${name} applied`, ({ knobs }) => {
      const knob = knobs.find((one) => one.name === name);
      return knob !== undefined && knob.applied === knob.requested && knob.appliedThreads === knob.totalThreads;
    });
  }

  async quit(): Promise<SessionResult> {
    this.control.stop('quit');
    return this.result;
  }

  story(): string {
    const { phase, totals, banners } = this.view();
    const events = this.events.map(({ type, message }) => `  ${type}: ${message}`);
    return [`phase ${phase}`, JSON.stringify(totals), JSON.stringify(banners), ...events].join('\n');
  }
}

type Later = TestContext['onTestFinished'];

/** What one test sets up, gone when it is over. Tests run side by side, so that each has a stage of its own. */
export class Stage {
  readonly #later: Later;

  constructor({ onTestFinished }: { readonly onTestFinished: Later }) {
    this.#later = onTestFinished;
  }

  /** A sandbox in this thread. */
  async sandbox(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
    const sandbox = await startSandboxHere({ retentionBytesPerPartition: 8 * 1024 * 1024, ...options });
    this.#later(() => sandbox.close());
    return sandbox;
  }

  /** Starts a small load that goes on until it is told to stop. */
  run(sandbox: Pick<Sandbox, 'brokers'>, changes: Partial<Plan> = {}, options?: RunOptions): LiveRun {
    const run = new LiveRun({ ...defaultPlan, ...smallLoad, brokers: brokersOf(sandbox), ...changes }, options);
    this.#later(async () => {
      run.control.stop('quit');
      await run.result.catch(messageOf);
    });
    return run;
  }

  /** The same, under load: its first measured messages have been read. */
  async measuring(
    sandbox: Pick<Sandbox, 'brokers'>,
    changes: Partial<Plan> = {},
    options?: RunOptions,
  ): Promise<LiveRun> {
    const run = this.run(sandbox, changes, options);
    await run.reached('measuring');
    await run.more(20);
    return run;
  }

  /** What else one may ask of the sandbox. */
  async cluster(sandbox: Pick<Sandbox, 'brokers'>): Promise<Cluster> {
    const cluster = openCluster({
      brokers: brokersOf(sandbox),
      clientId: 'test',
      security: plaintext,
      tuning: defaultPlan.tuning,
    });
    this.#later(() => cluster.close());
    await cluster.connect(patienceMs);
    return cluster;
  }

  /** An empty folder. */
  async folder(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'loadtui-session-'));
    this.#later(() => rm(path, { recursive: true, force: true }));
    return path;
  }
}

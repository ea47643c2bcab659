/** Runs a session with the flags that a user would write, and samples what it does while it measures. */
import { parseCommandLine } from '../../source/config/flags.ts';
import { resolvePlan } from '../../source/config/resolve-plan.ts';
import type { SessionDocument } from '../../source/session/document-schema.ts';
import { Session } from '../../source/session/session.ts';
import type { SessionSink } from '../../source/session/view.ts';
import type { Pace } from '../bench.ts';
import { processCpuNs, threadCpuNs } from './thread-cpu.ts';

/** The first moments of the measured phase do not count: its figures are a tick old. */
const settleMs = 250;

interface Sample {
  readonly atMs: number;
  readonly acked: number;
  readonly cpuNs: number;
  readonly producerCpuNs: number | null;
}

export interface SessionRun {
  readonly document: SessionDocument;
  /** Messages acknowledged a second, between the first sample and the last. */
  readonly ackedPerSecond: number;
  /** CPU time of this process a message, the embedded broker included where there is one. */
  readonly cpuNsPerMessage: number;
  /** The same of the producer threads alone; null where the system does not say. */
  readonly producerCpuNsPerMessage: number | null;
}

/** Looks at each picture of the session, right after it was taken. */
class Sampler implements SessionSink {
  first: Sample | null = null;
  last: Sample | null = null;

  tick: NonNullable<SessionSink['tick']> = (_nowMs, look) => {
    const { phase, phaseElapsedMs, totals } = look();
    if (phase !== 'measuring' || phaseElapsedMs < settleMs) return;
    this.last = {
      atMs: performance.now(),
      acked: totals.acked,
      cpuNs: processCpuNs(),
      producerCpuNs: threadCpuNs('producer thread 0'),
    };
    this.first ??= this.last;
  };

  async close(): Promise<void> {}
}

/** `words`: flags of `loadtui run`, without brokers, warm-up and duration. Throws where a message was not acknowledged. */
export async function runSession(words: readonly string[], pace: Pace, brokers: string | null): Promise<SessionRun> {
  const target = brokers === null ? [] : ['--brokers', brokers];
  const times = ['--warm-up', `${pace.warmUpMs}ms`, '--duration', `${pace.measureMs + settleMs}ms`];
  const { given } = parseCommandLine([...target, ...times, '--partitions', '1', ...words]);
  const session = new Session({
    resolved: resolvePlan({ given, planPath: null, style: 'plain' }),
    commandLine: ['loadtui', ...words],
    attended: false,
    ask: null,
    save: () => Promise.reject(new Error('nothing is saved here')),
    journal: null,
  });
  const sampler = new Sampler();
  session.addSink(sampler);
  const { document } = await session.run();
  await session.closeSinks();
  const { totals } = document;
  if (totals.failed + totals.unknown > 0) throw new Error(`${totals.failed + totals.unknown} messages were not acked`);
  return { document, ...perMessage(sampler) };
}

function perMessage({ first, last }: Sampler): Omit<SessionRun, 'document'> {
  if (first === null || last === null || last.acked <= first.acked) throw new Error('nothing was acknowledged');
  const messages = last.acked - first.acked;
  const producerNs =
    first.producerCpuNs === null || last.producerCpuNs === null ? null : last.producerCpuNs - first.producerCpuNs;
  return {
    ackedPerSecond: (messages / (last.atMs - first.atMs)) * 1000,
    cpuNsPerMessage: (last.cpuNs - first.cpuNs) / messages,
    producerCpuNsPerMessage: producerNs === null ? null : producerNs / messages,
  };
}

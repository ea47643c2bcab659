/** How the rounds of a task stand to each other and to their targets. Pure. */
import { ratioOf } from '../../source/analysis/hodges-lehmann.ts';
import { median } from '../statistics.ts';
import type { ContestantResult, Judgement, TaskResult, Verdict } from './beside-schema.ts';
import type { Target } from './targets.ts';

type Interval = { readonly low: number; readonly high: number } | null;

/** `targets`: of this task. Every row of loadtui is held against every other tool, and against every limit. */
export function judge(contestants: readonly ContestantResult[], targets: readonly Target[]): TaskResult['judgements'] {
  const own = contestants.filter(({ tool }) => tool === 'loadtui');
  const others = contestants.filter(({ tool }) => tool !== 'loadtui');
  // What other rows of loadtui are held against is held against nobody itself.
  const isBase = ({ name }: ContestantResult): boolean =>
    targets.some((target) => target.kind !== 'cpu' && target.other === name);
  const held = own.filter((row) => !isBase(row));
  const rates = others.flatMap((other) => held.map((contestant) => rateJudgement(contestant, other, targets)));
  return [...rates, ...targets.flatMap((target) => ownJudgements(own, target))];
}

/** Of loadtui alone: against limits, and against another row of its own. */
function ownJudgements(own: readonly ContestantResult[], target: Target): readonly Judgement[] {
  switch (target.kind) {
    case 'rate': {
      const base = own.find(({ name }) => name === target.other);
      return base === undefined
        ? []
        : own.filter((row) => row !== base).map((row) => rateJudgement(row, base, [target]));
    }
    case 'cpu':
      return own.map((row) => cpuJudgement(row, target.atMostNs));
    case 'cpu-ratio': {
      const base = own.find(({ name }) => name === target.other);
      return base === undefined
        ? []
        : own.filter((row) => row !== base).map((row) => cpuRatioJudgement(row, base, target.atMost));
    }
  }
}

function rateJudgement(own: ContestantResult, other: ContestantResult, targets: readonly Target[]): Judgement {
  const target = targets.find((one) => one.kind === 'rate' && one.other === other.name);
  const atLeast = target?.kind === 'rate' ? target.atLeast : null;
  const { ratio, interval } = ratioOf(other.perSecond, own.perSecond);
  const verdict = atLeast === null ? null : atLeastVerdict(interval, atLeast);
  return { kind: 'rate', contestant: own.name, other: other.name, ratio, interval, target: atLeast, verdict };
}

function cpuRatioJudgement(row: ContestantResult, base: ContestantResult, target: number): Judgement {
  const { ratio, interval } = ratioOf(base.cpuNsPerMessage, row.cpuNsPerMessage);
  const verdict = atMostVerdict(interval, target);
  return { kind: 'cpu-ratio', contestant: row.name, other: base.name, ratio, interval, target, verdict };
}

/** A limit is missed where no round kept it, and met where their median does. */
function cpuJudgement({ name, cpuNsPerMessage }: ContestantResult, target: number): Judgement {
  const isMissed = Math.min(...cpuNsPerMessage) > target;
  const isMet = median(cpuNsPerMessage) <= target;
  const verdict = isMissed ? 'missed' : isMet ? 'met' : 'not told apart';
  return { kind: 'cpu', contestant: name, target, verdict };
}

/** Only what the whole interval says is said. */
function atLeastVerdict(interval: Interval, target: number): Verdict {
  if (interval === null) return 'not told apart';
  if (interval.high < target) return 'missed';
  return interval.low >= target ? 'met' : 'not told apart';
}

function atMostVerdict(interval: Interval, target: number): Verdict {
  if (interval === null) return 'not told apart';
  if (interval.low > target) return 'missed';
  return interval.high <= target ? 'met' : 'not told apart';
}

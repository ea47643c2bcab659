/** `npm run bench -- --searches`: searches on sandboxes with known answers, again and again, and keeps what they found. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { hintLimits } from '../../source/analysis/hint-limits.ts';
import { readSession } from '../../source/commands/read-session.ts';
import { messageOf } from '../../source/errors.ts';
import type { Search } from '../../source/session/document-schema.ts';
import { runCommand } from '../../test/support/run-command.ts';
import { thisMachine } from '../baseline.ts';
import { startSandboxProcess } from '../scale/sandbox-process.ts';
import { builtProgram } from '../support/built-program.ts';
import { StolenCpu } from '../support/stolen-cpu.ts';
import { cases, type SearchCase, tolerance } from './cases.ts';

export interface SearchesOptions {
  /** Empty: all cases. */
  readonly names: readonly string[];
  readonly rounds: number;
  /** Writes no file. */
  readonly quick: boolean;
}

export interface FoundOnce {
  readonly rateHz: number | null;
  readonly bracket: Search['bracket'];
  readonly limitedBy: Search['limitedBy'];
  readonly outcome: Search['outcome'];
  readonly seconds: number;
  readonly steps: number;
  readonly isRight: boolean;
  /** Of the machine's CPU time, what its host gave to others meanwhile, 0 … 1; null, or left out of old results: not known. */
  readonly stolenFraction?: number | null;
}

export interface CaseResult {
  readonly name: string;
  readonly machine: ReturnType<typeof thisMachine>;
  readonly measuredAt: string;
  readonly why: string;
  readonly answerHz: number | null;
  readonly limitedBy: string | null;
  readonly found: readonly FoundOnce[];
  /** What was found while the host took the CPU away: kept, and not counted. Left out of old results: not looked at. */
  readonly disturbed?: readonly FoundOnce[];
  readonly failures: readonly string[];
}

const folder = fileURLToPath(new URL('.', import.meta.url));
const resultsPath = join(folder, 'results.json');
/** A search of at most four minutes, with room for a slow start. */
const timeoutMs = 330_000;
/**
 * A host that gives more of the CPU than this to others makes answers late by itself: a search finds its rate then, and
 * not the sandbox's.
 */
const disturbingFraction = hintLimits.stolenFraction;
/** Rounds in all for each that is asked for, disturbed ones among them. */
const triesPerRound = 3;
const lookMs = 3_000;
const lookEveryMs = 20_000;
const calmWithinMs = 20 * 60_000;

/** Answers the exit code: 1 where a search was wrong, or came to nothing. */
export async function runSearches({ names, rounds, quick }: SearchesOptions): Promise<number> {
  const results: CaseResult[] = [];
  const wanted = names.length === 0 ? cases : cases.filter(({ name }) => names.includes(name));
  for (const one of wanted) {
    process.stdout.write(`${one.name}: ${one.why}\n`);
    results.push(await searchOften(one, rounds, quick));
  }
  const isWrong = results.some(({ found }) => found.length < rounds || found.some(({ isRight }) => !isRight));
  return isWrong ? 1 : 0;
}

/** One case takes a quarter of an hour: it is kept with each round, in place of what was known of it. */
async function keep(result: CaseResult): Promise<void> {
  const before = await keptResults();
  const all = [...before.filter(({ name }) => name !== result.name), result];
  const order = (name: string) => cases.findIndex((one) => one.name === name);
  all.sort((a, b) => order(a.name) - order(b.name));
  await writeFile(resultsPath, `${JSON.stringify({ cases: all }, null, 2)}\n`);
}

async function keptResults(): Promise<CaseResult[]> {
  if (!existsSync(resultsPath)) return [];
  const { cases: kept }: { cases: CaseResult[] } = JSON.parse(await readFile(resultsPath, 'utf8'));
  return kept;
}

async function searchOften(one: SearchCase, rounds: number, quick: boolean): Promise<CaseResult> {
  const found: FoundOnce[] = [];
  const disturbed: FoundOnce[] = [];
  const failures: string[] = [];
  const { name, why, answerHz, limitedBy } = one;
  const soFar = (): CaseResult => {
    const measuredAt = new Date().toISOString().slice(0, 10);
    return { name, machine: thisMachine(), measuredAt, why, answerHz, limitedBy, found, disturbed, failures };
  };
  for (let tries = 0; tries < rounds * triesPerRound && found.length + failures.length < rounds; tries++) {
    if (!quick && !(await isCalm())) {
      process.stdout.write('  the host of this machine takes its CPU away all the time: given up\n');
      break;
    }
    try {
      const once = await searchOnce(one);
      const counts = quick || (once.stolenFraction ?? 0) <= disturbingFraction;
      (counts ? found : disturbed).push(once);
      process.stdout.write(`  ${foundText(once)}${counts ? '' : '   does not count'}\n`);
    } catch (error) {
      failures.push(messageOf(error));
      process.stdout.write(`  came to nothing: ${messageOf(error)}\n`);
    }
    if (!quick) await keep(soFar());
  }
  return soFar();
}

/** Waits until the host leaves the CPU to this machine; false: it does not for long. */
async function isCalm(): Promise<boolean> {
  const untilMs = performance.now() + calmWithinMs;
  while (stolenOfACore() > disturbingFraction) {
    if (performance.now() > untilMs) return false;
    await sleep(lookEveryMs);
  }
  return true;
}

/** Nothing can be stolen from who wants nothing: one core is kept busy for a moment. */
function stolenOfACore(): number {
  const stolen = new StolenCpu();
  const untilMs = performance.now() + lookMs;
  while (performance.now() < untilMs);
  return (stolen.fraction() ?? 0) * availableParallelism();
}

async function searchOnce(one: SearchCase): Promise<FoundOnce> {
  const sandbox = await startSandboxProcess(one.sandboxFlags);
  const place = mkdtempSync(join(tmpdir(), 'loadtui-searches-'));
  const path = join(place, 'session.json');
  const { stallMs } = one;
  const slow = stallMs === undefined ? [] : ['--import', join(folder, 'slow-producers.mjs')];
  const env = stallMs === undefined ? process.env : { ...process.env, LOADTUI_BENCH_STALL_MS: String(stallMs) };
  try {
    const output = ['--plain', '--quiet', '--no-history', '--save', path];
    const words = [...slow, builtProgram(), 'find', '--brokers', sandbox.brokers, ...one.findFlags, ...output];
    const began = performance.now();
    const stolen = new StolenCpu();
    const { stderr } = await runCommand(process.execPath, words, { timeoutMs, env });
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    const fraction = stolen.fraction();
    const stolenFraction = fraction === null ? null : Math.round(fraction * 1e4) / 1e4;
    const { document } = await readSession(path).catch((cause: unknown) => {
      throw new Error(`no session was saved: ${stderr.trim()}`, { cause });
    });
    const { search } = document;
    if (search === null) throw new Error('there was no search');
    const { maxSustainableRate: rateHz, bracket, limitedBy, outcome, steps } = search;
    const about = { rateHz, bracket, limitedBy, outcome, seconds, steps: steps.length };
    return { ...about, isRight: isRight(one, search), stolenFraction };
  } finally {
    await sandbox.stop();
    rmSync(place, { recursive: true, force: true });
  }
}

function isRight({ answerHz, limitedBy }: SearchCase, search: Search): boolean {
  if (search.limitedBy !== limitedBy) return false;
  if (answerHz === null) return search.outcome === 'client';
  return search.maxSustainableRate !== null && Math.abs(search.maxSustainableRate / answerHz - 1) <= tolerance;
}

function foundText({ rateHz, limitedBy, outcome, seconds, steps, stolenFraction, isRight: right }: FoundOnce): string {
  const rate = rateHz === null ? 'no rate' : `${Math.round(rateHz).toLocaleString('en-US')}/s`;
  const by = limitedBy === null ? '' : `, limited by ${limitedBy}`;
  const stolen =
    stolenFraction === null || stolenFraction === undefined
      ? ''
      : `, ${(stolenFraction * 100).toFixed(1)} % of the CPU stolen`;
  return `${rate} ${outcome}${by}: ${steps} steps, ${seconds} s${stolen}${right ? '' : '   WRONG'}`;
}

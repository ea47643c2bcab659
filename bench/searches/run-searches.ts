/** `npm run bench -- --searches`: searches on sandboxes with known answers, again and again, and keeps what they found. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSession } from '../../source/commands/read-session.ts';
import { messageOf } from '../../source/errors.ts';
import type { Search } from '../../source/session/document-schema.ts';
import { runCommand } from '../../test/support/run-command.ts';
import { thisMachine } from '../baseline.ts';
import { startSandboxProcess } from '../scale/sandbox-process.ts';
import { builtProgram } from '../support/built-program.ts';
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
}

export interface CaseResult {
  readonly name: string;
  readonly machine: ReturnType<typeof thisMachine>;
  readonly measuredAt: string;
  readonly why: string;
  readonly answerHz: number | null;
  readonly limitedBy: string | null;
  readonly found: readonly FoundOnce[];
  readonly failures: readonly string[];
}

const folder = fileURLToPath(new URL('.', import.meta.url));
const resultsPath = join(folder, 'results.json');
/** A search of at most four minutes, with room for a slow start. */
const timeoutMs = 330_000;

/** Answers the exit code: 1 where a search was wrong, or came to nothing. */
export async function runSearches({ names, rounds, quick }: SearchesOptions): Promise<number> {
  const results: CaseResult[] = [];
  const wanted = names.length === 0 ? cases : cases.filter(({ name }) => names.includes(name));
  for (const one of wanted) {
    process.stdout.write(`${one.name}: ${one.why}\n`);
    const result = await searchOften(one, rounds);
    results.push(result);
    if (!quick) await keep(result);
  }
  const isWrong = results.some(({ found, failures }) => failures.length > 0 || found.some(({ isRight }) => !isRight));
  return isWrong ? 1 : 0;
}

/** One case takes a quarter of an hour: it is kept as soon as it is done, in place of what was known of it. */
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

async function searchOften(one: SearchCase, rounds: number): Promise<CaseResult> {
  const found: FoundOnce[] = [];
  const failures: string[] = [];
  for (let round = 0; round < rounds; round++) {
    try {
      const once = await searchOnce(one);
      found.push(once);
      process.stdout.write(`  ${foundText(once)}\n`);
    } catch (error) {
      failures.push(messageOf(error));
      process.stdout.write(`  came to nothing: ${messageOf(error)}\n`);
    }
  }
  const { name, why, answerHz, limitedBy } = one;
  const measuredAt = new Date().toISOString().slice(0, 10);
  return { name, machine: thisMachine(), measuredAt, why, answerHz, limitedBy, found, failures };
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
    const { stderr } = await runCommand(process.execPath, words, { timeoutMs, env });
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    const { document } = await readSession(path).catch((cause: unknown) => {
      throw new Error(`no session was saved: ${stderr.trim()}`, { cause });
    });
    const { search } = document;
    if (search === null) throw new Error('there was no search');
    const { maxSustainableRate: rateHz, bracket, limitedBy, outcome, steps } = search;
    return { rateHz, bracket, limitedBy, outcome, seconds, steps: steps.length, isRight: isRight(one, search) };
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

function foundText({ rateHz, limitedBy, outcome, seconds, steps, isRight: right }: FoundOnce): string {
  const rate = rateHz === null ? 'no rate' : `${Math.round(rateHz).toLocaleString('en-US')}/s`;
  const by = limitedBy === null ? '' : `, limited by ${limitedBy}`;
  return `${rate} ${outcome}${by}: ${steps} steps, ${seconds} s${right ? '' : '   WRONG'}`;
}

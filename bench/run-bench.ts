/** Runs a bench in a process of its own, within its time. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.ts';
import { type BenchAnswer, benchAnswerSchema } from './figures.ts';

const program = fileURLToPath(new URL('./one.ts', import.meta.url));

export function runBench(bench: Bench, pace: 'full' | 'quick', brokers: string | null): Promise<BenchAnswer> {
  return new Promise((resolve) => {
    const child = fork(program, [bench.name, pace, ...(brokers === null ? [] : [brokers])], {
      // As the program runs for its users.
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    let answer: BenchAnswer = { kind: 'failed', message: 'its process ended without an answer' };
    const timer = setTimeout(() => {
      answer = { kind: 'failed', message: `it took longer than ${bench.timeoutMs / 1000} s` };
      child.kill('SIGKILL');
    }, bench.timeoutMs);
    child.on('message', (message) => {
      answer = benchAnswerSchema.parse(message);
    });
    child.on('error', (error) => {
      answer = { kind: 'failed', message: error.message };
    });
    child.on('close', () => {
      clearTimeout(timer);
      resolve(answer);
    });
  });
}

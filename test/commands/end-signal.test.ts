import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { EndSignal } from '../../source/commands/end-signal.ts';

class FakeProcess extends EventEmitter {
  readonly calls: string[] = [];

  exit(code: number): void {
    this.calls.push(`exit ${code}`);
  }
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('ends in peace with %s', async (signal) => {
  const source = new FakeProcess();
  const end = new EndSignal(source, () => source.calls.push('hard'));
  source.emit(signal);
  await end.come;
  expect(source.calls).toEqual([]);
  end.stop();
  expect(source.eventNames()).toEqual([]);
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])('ends the hard way with %s as the second, and code %i', (signal, code) => {
  const source = new FakeProcess();
  new EndSignal(source, () => source.calls.push('hard'));
  source.emit('SIGINT');
  source.emit(signal);
  expect(source.calls).toEqual(['hard', `exit ${code}`]);
});

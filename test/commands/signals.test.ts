import { afterEach, describe, expect, it, vi } from 'vitest';
import { listenForSignals, type SignalWatch } from '../../source/commands/signals.ts';

describe('a terminal that closes', () => {
  it('may say so several times; another signal still ends at once', () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Error(`exit ${code}`);
    });
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const reasons: string[] = [];
    const closing = listenForSignals(
      (reason) => reasons.push(reason),
      () => 'last words\n',
    );
    try {
      for (let time = 0; time < 3; time++) process.emit('SIGHUP');
      expect(reasons).toEqual(['hangup']);
      expect(exit).not.toHaveBeenCalled();
      expect(closing.exitCode).toBe(129);
      expect(written).not.toHaveBeenCalled();
      expect(() => process.emit('SIGTERM')).toThrow('exit 143');
      expect(written.mock.calls).toEqual([['last words\n']]);
    } finally {
      closing.end();
      vi.restoreAllMocks();
    }
  });
});

describe('ctrl-c as a key', () => {
  let watch: SignalWatch;

  afterEach(() => {
    watch.end();
    vi.restoreAllMocks();
  });

  it('ends the run, and the process when it comes again', () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Error(`exit ${code}`);
    });
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const reasons: string[] = [];
    watch = listenForSignals(
      (reason) => reasons.push(reason),
      () => 'last words\n',
    );
    expect(watch.exitCode).toBeNull();
    watch.interrupt();
    expect(reasons).toEqual(['interrupt']);
    expect(watch.exitCode).toBe(130);
    expect(exit).not.toHaveBeenCalled();
    expect(written).not.toHaveBeenCalled();
    expect(() => watch.interrupt()).toThrow('exit 130');
    expect(written.mock.calls).toEqual([['last words\n']]);
    expect(reasons).toEqual(['interrupt']);
  });
});

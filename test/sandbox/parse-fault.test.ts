import { describe, expect, it } from 'vitest';
import { LoadtuiError } from '../../source/errors.ts';
import { faultForms, parseFault, parseTimedFault } from '../../source/sandbox/parse-fault.ts';
import type { Fault } from '../../source/sandbox/types.ts';

describe('parseFault', () => {
  it.each<[string, Fault]>([
    ['stall:2s', { kind: 'stall', durationMs: 2000 }],
    ['stall:1.5m,broker=2', { kind: 'stall', durationMs: 90_000, brokerId: 2 }],
    ['disconnect', { kind: 'disconnect' }],
    ['disconnect:broker=3', { kind: 'disconnect', brokerId: 3 }],
    ['refuse:500us', { kind: 'refuse', durationMs: 0.5 }],
    ['move-leader:a.b-c/11,to=2', { kind: 'move-leader', topic: 'a.b-c', partition: 11, to: 2 }],
    ['throttle:200ms,count=3', { kind: 'throttle', throttleMs: 200, count: 3 }],
    ['error:19', { kind: 'error', errorCode: 19, when: 'before-append', count: 1 }],
    [
      'error:-1,when=after-append,count=2,api=1',
      { kind: 'error', errorCode: -1, when: 'after-append', count: 2, apiKey: 1 },
    ],
    ['lost-ack', { kind: 'lost-ack', count: 1 }],
    ['drop:7', { kind: 'drop', count: 7 }],
    ['duplicate:count=2', { kind: 'duplicate', count: 2 }],
    ['swap', { kind: 'swap', count: 1 }],
    ['error:NOT_ENOUGH_REPLICAS,count=2', { kind: 'error', errorCode: 19, when: 'before-append', count: 2 }],
    ['error:message_too_large', { kind: 'error', errorCode: 10, when: 'before-append', count: 1 }],
    ['drop,count=2', { kind: 'drop', count: 2 }],
    [' corrupt:1 ', { kind: 'corrupt', count: 1 }],
  ])('reads %s', (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
  });

  it.each([
    ['', 'is not a fault'],
    ['explode:3', 'is not a fault'],
    ['stall', 'duration'],
    ['stall:2', 'duration'],
    ['stall:0s', 'duration'],
    ['stall:2s,3s', 'one too many'],
    ['stall:2s,color=red', 'one too many'],
    ['drop:0', 'whole number'],
    ['drop:1.5', 'whole number'],
    ['drop:3,count=4', 'one too many'],
    ['move-leader:a,to=1', 'partition'],
    ['move-leader:a/0', 'to= is needed'],
    ['error:0', 'error code'],
    ['error:19,when=never', 'neither'],
    ['error:NO_SUCH', 'is no error of Kafka'],
    ['drop:3,after=5s', 'one too many'],
    ['error:19,api=18', 'cannot be answered'],
    ['disconnect:now', 'one too many'],
  ])('refuses "%s"', (text, message) => {
    const parse = () => parseFault(text);
    expect(parse).toThrow(LoadtuiError);
    expect(parse).toThrow(message);
  });

  it.each([
    ['drop:7,after=10s', { fault: { kind: 'drop', count: 7 }, afterMs: 10_000 }],
    ['disconnect,after=500ms', { fault: { kind: 'disconnect' }, afterMs: 500 }],
    ['stall:2s', { fault: { kind: 'stall', durationMs: 2000 }, afterMs: null }],
  ])('reads %s with its time', (text, timed) => {
    expect(parseTimedFault(text)).toEqual(timed);
  });

  it.each([
    ['error:MESAGE_TOO_LARGE', 'MESSAGE_TOO_LARGE'],
    ['stal:2s', 'stall'],
  ])('knows what "%s" was meant to be', (text, meant) => {
    expect(() => parseFault(text)).toThrow(expect.objectContaining({ next: expect.stringContaining(meant) }));
  });

  it('shows after= where it may be said, and only there', () => {
    const next = (act: () => unknown): string => {
      try {
        act();
      } catch (error) {
        if (error instanceof LoadtuiError) return error.next ?? '';
      }
      return expect.unreachable();
    };
    expect(next(() => parseTimedFault('drop:7,afer=5s'))).toBe('Write it as drop[:3][,after=5s]. Did you mean after=?');
    expect(next(() => parseTimedFault('error:19,wehn=after-append'))).toContain('Did you mean when=?');
    expect(next(() => parseFault('drop:7,afer=5s'))).toBe('Write it as drop[:3].');
  });

  it('never takes success for the error that was meant', () => {
    const next = expect.not.stringContaining('Did you mean');
    expect(() => parseFault('error:NOPE')).toThrow(expect.objectContaining({ next }));
  });

  it('names the known kinds', () => {
    try {
      parseFault('explode');
      expect.unreachable();
    } catch (error) {
      const next = error instanceof LoadtuiError ? error.next : '';
      for (const kind of Object.keys(faultForms)) expect(next).toContain(kind);
    }
  });
});

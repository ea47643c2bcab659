import { describe, expect, it } from 'vitest';
import { eventRow } from '../../source/session/document.ts';
import type { Hint } from '../../source/session/document-schema.ts';
import { EventLog } from '../../source/session/event-log.ts';
import { hintFields, hintMessage, hintsOf } from '../../source/session/hint-rows.ts';
import { sampleDocument } from './sample.ts';

const hints: readonly Hint[] = [
  { timeMs: 1000, name: 'quota', evidence: 'brokers ask to wait', suggestion: null },
  { timeMs: 2000, name: 'quota', evidence: 'it binds', suggestion: { knob: 'rate', from: 10_000, to: 8_100 } },
  { timeMs: 3000, name: 'client-bound', evidence: 'late', suggestion: { knob: 'rate', from: null, to: 500 } },
];

const eventsOf = (): EventLog => {
  const log = new EventLog();
  log.add(500, 'info', 'something else', { name: 'quota', evidence: 'none' });
  for (const hint of hints) log.add(hint.timeMs, 'hint', hintMessage(hint), hintFields(hint));
  return log;
};

describe('hints as events', () => {
  it('reads back from the events what was told', () => {
    expect(hintsOf(eventsOf().events.map(eventRow))).toEqual(hints);
  });

  it('says what to try', () => {
    expect(eventsOf().events.map(({ message }) => message)).toEqual([
      'something else',
      'hint quota: brokers ask to wait',
      'hint quota: it binds; try rate 10.0 k/s → 8.10 k/s',
      'hint client-bound: late; try rate max → 500/s',
    ]);
  });

  it('is what a document keeps', () => {
    expect(sampleDocument({ events: eventsOf().events }).hints).toEqual(hints);
  });
});

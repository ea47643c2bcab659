import { describe, expect, it } from 'vitest';
import { isAutomationWord } from '../../source/session/automation/requests.ts';
import { commandDefinitions, parseCommand } from '../../source/session/commands.ts';
import { completeCommand } from '../../source/session/complete-command.ts';
import { fakeKnobs } from '../ui/fake-view.ts';

const view = { knobs: fakeKnobs() };

describe('what completion offers', () => {
  it('can be run, word for word', () => {
    for (const { name } of commandDefinitions.filter((command) => !isAutomationWord(command.name))) {
      for (const word of completeCommand(`:${name} `, ['default', 'mono'])) {
        expect(parseCommand(`:${name} ${word}`, view), `:${name} ${word}`).not.toMatchObject({ kind: 'invalid' });
      }
    }
  });
});

describe('completeCommand', () => {
  it.each([
    [':li', ['linger']],
    ['co', ['consumers', 'compression']],
    [':acks ', ['0', '1', 'all']],
    [':compression l', ['lz4']],
    [':pause c', ['consumers']],
    [':theme m', ['mono']],
    [':rate ', ['max', '*2', '*0.5', '+10%', '-10%']],
    [':linger 5', ['500us', '5ms', '50ms']],
    [':batch-size 1', ['1KiB', '16KiB', '128KiB', '1MiB']],
    [':producers 9', ['96']],
    [':mouse o', ['on', 'off']],
    [':save ', ['--force']],
    [':save run.json --', ['--force']],
    [':save --force ', []],
    [':linger 5ms ', []],
    [':find ', ['from', 'cap', 'max-time', 'quick', 'resume']],
    [':find p99<10ms from 1k ', ['cap', 'max-time', 'quick']],
    [':find p99<10ms m', ['max-time']],
    [':find from ', []],
    [':find resume ', []],
    [':hold p99<10ms ', ['cap']],
    [':hold p99<10ms cap 9k ', []],
    [':ramp ', ['sine', 'bursts']],
    [':ramp 10k 20k ', []],
    [':ramp 10k 20k 60s step 5s ', ['geometric']],
    [':ramp sine 50k 20k 60s ', ['for']],
    [':soak ', ['80%']],
    [':soak 80% ', ['30m']],
    [':soak 80% 30m ', []],
    [':sweep l', ['linger=']],
    [':sweep linger=0,5ms l', []],
    [':sweep linger=0,5ms r', ['repeats', 'rate=']],
    [':sweep linger=0,5ms repeats ', []],
    [':sweep linger=0,5ms repeats 3 find p99<10ms ', ['from', 'cap']],
    [':nothing', []],
  ])('%s', (text, expected) => {
    expect(completeCommand(text, ['default', 'mono'])).toEqual(expected);
  });
});

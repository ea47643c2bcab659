import { describe, expect, it } from 'vitest';
import { type Command, commandDefinitions, parseCommand, runCommand } from '../../source/session/commands.ts';
import { fakeControl, fakeKnobs } from '../ui/fake-view.ts';

const view = { knobs: fakeKnobs() };

describe('parseCommand', () => {
  const cases: readonly (readonly [string, Command])[] = [
    [':rate 50k', { kind: 'knob', name: 'rate', value: 50_000 }],
    ['rate 1.2M', { kind: 'knob', name: 'rate', value: 1_200_000 }],
    [':rate max', { kind: 'knob', name: 'rate', value: null }],
    [':rate -1', { kind: 'knob', name: 'rate', value: null }],
    [':rate *2', { kind: 'knob', name: 'rate', value: 100_000 }],
    [':rate * 2', { kind: 'knob', name: 'rate', value: 100_000 }],
    [':rate /4', { kind: 'knob', name: 'rate', value: 12_500 }],
    [':rate +1%', { kind: 'knob', name: 'rate', value: 50_500 }],
    [':rate -10%', { kind: 'knob', name: 'rate', value: 45_000 }],
    [':rate +5k', { kind: 'knob', name: 'rate', value: 55_000 }],
    [':rate 5MB/s', { kind: 'knob', name: 'rate', value: 50_000 }],
    ['  : linger   5ms ', { kind: 'knob', name: 'lingerMs', value: 5 }],
    [':linger 500us', { kind: 'knob', name: 'lingerMs', value: 0.5 }],
    [':linger 0', { kind: 'knob', name: 'lingerMs', value: 0 }],
    [':batch-size 64KiB', { kind: 'knob', name: 'batchSize', value: 65_536 }],
    [':batch-size *2', { kind: 'knob', name: 'batchSize', value: 131_072 }],
    [':producers 4', { kind: 'knob', name: 'producers', value: 4 }],
    [':producers +2', { kind: 'knob', name: 'producers', value: 6 }],
    [':consumers 2', { kind: 'knob', name: 'consumers', value: 2 }],
    [':consumers 0', { kind: 'knob', name: 'consumers', value: 0 }],
    [':acks all', { kind: 'knob', name: 'acks', value: 'all' }],
    [':acks 0', { kind: 'knob', name: 'acks', value: 0 }],
    [':compression none', { kind: 'knob', name: 'compression', value: 'none' }],
    [':compression zstd', { kind: 'knob', name: 'compression', value: 'zstd' }],
    [':message-size 1KiB', { kind: 'knob', name: 'messageSize', value: 1024 }],
    [':in-flight 3', { kind: 'knob', name: 'inFlight', value: 3 }],
    [':fetch-min-bytes 1KiB', { kind: 'knob', name: 'fetchMinBytes', value: 1024 }],
    [':fetch-max-wait 100ms', { kind: 'knob', name: 'fetchMaxWaitMs', value: 100 }],
    [':max-partition-fetch 2MiB', { kind: 'knob', name: 'maxPartitionFetch', value: 2 ** 21 }],
    [':pause', { kind: 'pause', what: 'load' }],
    [':resume', { kind: 'resume', what: 'load' }],
    [':pause consumers', { kind: 'pause', what: 'consumers' }],
    [':resume consumers', { kind: 'resume', what: 'consumers' }],
    [':save', { kind: 'save', path: null, force: false }],
    [':save run.json', { kind: 'save', path: 'run.json', force: false }],
    [':save --force run.json', { kind: 'save', path: 'run.json', force: true }],
    [':theme mono', { kind: 'theme', name: 'mono' }],
    [':graph braille', { kind: 'graph', name: 'braille' }],
    [':fresh', { kind: 'fresh' }],
    [':back-off', { kind: 'back-off' }],
    [':undo', { kind: 'undo' }],
    [':quit', { kind: 'quit' }],
    [':help', { kind: 'help' }],
  ];
  it.each(cases)('%s', (text, expected) => {
    expect(parseCommand(text, view)).toEqual(expected);
  });

  const mistakes: readonly (readonly [string, RegExp])[] = [
    ['', /type a command/],
    [':rat 50k', /did you mean :rate\?/],
    [':batchsize 1KiB', /did you mean :batch-size\?/],
    [':xyzzyplugh', /there is no :xyzzyplugh/],
    [':rate', /needs a value/],
    [':rate fast', /"fast" is not a rate/],
    [':rate 0', /between/],
    [':rate *-2', /above 0/],
    [':rate *x', /above 0/],
    [':linger 5', /did you mean 5ms\?/],
    [':batch-size 64KB', /64KiB/],
    [':batch-size 0B', /between/],
    [':producers 0', /between/],
    [':producers many', /not a count/],
    [':acks 2', /acks cannot be "2"/],
    [':compression gz', /did you mean gzip\?/],
    [':pause everything', /consumers/],
    [':save a b', /one file name/],
    [':theme', /needs a name/],
    [':undo twice', /nothing after it/],
  ];
  it.each(mistakes)('refuses "%s"', (text, expected) => {
    const command = parseCommand(text, view);
    expect(command.kind).toBe('invalid');
    expect(command.kind === 'invalid' ? command.message : '').toMatch(expected);
  });

  it('cannot change what has no number', () => {
    const unthrottled = { knobs: fakeKnobs({ rate: { requested: null } }) };
    expect(parseCommand(':rate *2', unthrottled).kind).toBe('invalid');
  });

  it('knows every command that is listed', () => {
    for (const { name } of commandDefinitions) {
      const command = parseCommand(`:${name}`, view);
      expect(command.kind === 'invalid' ? command.message : '').not.toMatch(/there is no/);
    }
  });
});

describe('runCommand', () => {
  const cases: readonly (readonly [string, boolean, string])[] = [
    [':rate 50k', false, 'setKnob rate 50000'],
    [':rate 50k', true, 'setKnob rate 50000 confirmed'],
    [':pause', false, 'pauseLoad'],
    [':resume', false, 'resumeLoad'],
    [':pause consumers', false, 'pauseConsumers'],
    [':resume consumers', false, 'resumeConsumers'],
    [':save a.json', false, 'save a.json false'],
    [':save a.json', true, 'save a.json true'],
    [':fresh', false, 'freshFigures'],
    [':back-off', false, 'backOff'],
    [':undo', false, 'undo'],
    [':quit', false, 'stop quit'],
  ];
  it.each(cases)('%s (confirmed %s) calls %s', async (text, confirmed, call) => {
    const control = fakeControl();
    expect((await runCommand(control, parseCommand(text, view), confirmed)).kind).toBe('done');
    expect(control.calls).toEqual([call]);
  });

  it.each([':nonsense', ':theme mono', ':help'])('refuses %s and calls nothing', async (text) => {
    const control = fakeControl();
    expect((await runCommand(control, parseCommand(text, view))).kind).toBe('refused');
    expect(control.calls).toEqual([]);
  });
});

/**
 * The `:` commands: what an operator types on the screen and what scripts send. `parseCommand` is pure and never
 * throws; `runCommand` carries a command out against a session.
 */
import { type KnobDefinition, type KnobName, type KnobValue, knobNames, knobs } from '../config/knobs.ts';
import { nearestName } from '../config/nearest-name.ts';
import { type AutomationRequest, isAutomationWord, parseAutomation } from './automation/requests.ts';
import { type KnobValues, parseKnobValue } from './knob-value.ts';
import type { ControlAnswer, SessionControl } from './view.ts';

export type Command =
  | { readonly kind: 'knob'; readonly name: KnobName; readonly value: KnobValue }
  | { readonly kind: 'pause' | 'resume'; readonly what: 'load' | 'consumers' }
  /** `path` null: the default name. */
  | { readonly kind: 'save'; readonly path: string | null; readonly force: boolean }
  | { readonly kind: 'fresh' | 'back-off' | 'undo' | 'quit' }
  | { readonly kind: 'automate'; readonly request: AutomationRequest }
  | { readonly kind: 'stop' | 'reverse' }
  /** Of the screen only. */
  | { readonly kind: 'help' }
  | { readonly kind: 'pin' | 'unpin' }
  | { readonly kind: 'curve' }
  | { readonly kind: 'theme' | 'graph'; readonly name: string }
  | { readonly kind: 'mouse'; readonly on: boolean }
  | { readonly kind: 'invalid'; readonly message: string };

interface CommandDefinition {
  readonly name: string;
  readonly argument: string;
  readonly help: string;
  readonly screenOnly: boolean;
}

/** What is no knob. */
export const plainCommands: readonly CommandDefinition[] = [
  { name: 'pause', argument: '[consumers]', help: 'pause the load, or the consumers', screenOnly: false },
  { name: 'resume', argument: '[consumers]', help: 'resume the load, or the consumers', screenOnly: false },
  { name: 'back-off', argument: '', help: 'return to the last rate that was clean for 10 s', screenOnly: false },
  { name: 'undo', argument: '', help: 'take the last knob change back', screenOnly: false },
  {
    name: 'find',
    argument: 'p99<10ms [from 1k] [cap 9k] [max-time 5m] [quick] | resume',
    help: 'search the highest rate that holds',
    screenOnly: false,
  },
  {
    name: 'ramp',
    argument: '10k 200k 60s [step 5s] [geometric]',
    help: 'move the rate; sine, bursts',
    screenOnly: false,
  },
  { name: 'hold', argument: 'p99<10ms [cap 9k]', help: 'as high as holds, from here on', screenOnly: false },
  { name: 'soak', argument: '80%|40k [30m]', help: 'stay at a share of what was found', screenOnly: false },
  {
    name: 'sweep',
    argument: 'linger=0,5ms producers=1,4 [repeats 3] [seed 7] [find p99<10ms]',
    help: 'measure each combination',
    screenOnly: false,
  },
  { name: 'reverse', argument: '', help: 'turn a ramp round', screenOnly: false },
  { name: 'stop', argument: '', help: 'end a search, ramp or sweep where it stands', screenOnly: false },
  { name: 'fresh', argument: '', help: 'fresh figures: open an epoch', screenOnly: false },
  { name: 'save', argument: '[FILE] [--force]', help: 'save a snapshot now', screenOnly: false },
  { name: 'pin', argument: '', help: 'hold what comes against this moment', screenOnly: true },
  { name: 'unpin', argument: '', help: 'no longer', screenOnly: true },
  { name: 'curve', argument: '', help: 'latency by rate, of a search, a ramp or by hand', screenOnly: true },
  { name: 'theme', argument: 'NAME', help: 'colours: dark, light, mono …', screenOnly: true },
  { name: 'graph', argument: 'block|braille|ascii', help: 'how graphs are drawn', screenOnly: true },
  { name: 'mouse', argument: 'on|off', help: 'click and scroll', screenOnly: true },
  { name: 'help', argument: '', help: 'keys and commands', screenOnly: true },
  { name: 'quit', argument: '', help: 'drain, print the summary and end', screenOnly: false },
];

const argumentByUnit: Readonly<Record<KnobDefinition['unit'], string>> = {
  rate: '50k|*2|+1%|max',
  bytes: '64KiB|*2',
  ms: '5ms|*2',
  count: '4|+1',
  choice: '',
};

/** Every command, knobs first: for help, completion and the README. */
export const commandDefinitions: readonly CommandDefinition[] = [
  ...knobNames.map((name) => {
    const { flag, unit, choices, help } = knobs[name];
    return { name: flag, argument: choices?.join('|') ?? argumentByUnit[unit], help, screenOnly: false };
  }),
  ...plainCommands,
];

export const knobByFlag: ReadonlyMap<string, KnobDefinition> = new Map(
  knobNames.map((name) => [knobs[name].flag, knobs[name]]),
);

function invalid(message: string): Command {
  return { kind: 'invalid', message };
}

/**
 * Reads one command; a leading `:` and surrounding blanks are ignored. Unknown names come back `invalid` with the
 * nearest known one.
 */
export function parseCommand(text: string, view: KnobValues): Command {
  const words = text.trim().replace(/^:\s*/, '').split(/\s+/);
  const name = words[0] ?? '';
  const rest = words.slice(1);
  if (name === '') {
    return invalid('nothing to do: type a command, or help');
  }
  const definition = knobByFlag.get(name);
  if (definition !== undefined) {
    return parseKnobCommand(definition, rest, view);
  }
  if (isAutomationWord(name)) {
    const parsed = parseAutomation(name, rest);
    return parsed.ok ? { kind: 'automate', request: parsed.request } : invalid(parsed.message);
  }
  switch (name) {
    case 'pause':
    case 'resume':
      return parsePause(name, rest);
    case 'save':
      return parseSave(rest);
    case 'theme':
    case 'graph':
      return rest.length === 1 && rest[0] !== undefined
        ? { kind: name, name: rest[0] }
        : invalid(`:${name} needs a name, e.g. :${name} ${name === 'theme' ? 'mono' : 'braille'}`);
    case 'mouse':
      return rest.length === 1 && (rest[0] === 'on' || rest[0] === 'off')
        ? { kind: name, on: rest[0] === 'on' }
        : invalid(':mouse is on or off');
    case 'fresh':
    case 'back-off':
    case 'undo':
    case 'quit':
    case 'help':
    case 'pin':
    case 'unpin':
    case 'curve':
    case 'stop':
    case 'reverse':
      return rest.length === 0 ? { kind: name } : invalid(`:${name} takes nothing after it`);
    default: {
      const nearest = nearestName(
        name,
        commandDefinitions.map((command) => command.name),
      );
      return invalid(
        nearest === null ? `there is no :${name} (:help lists all)` : `there is no :${name}: did you mean :${nearest}?`,
      );
    }
  }
}

function parsePause(kind: 'pause' | 'resume', rest: readonly string[]): Command {
  const what = rest[0] ?? 'load';
  return rest.length <= 1 && (what === 'load' || what === 'consumers')
    ? { kind, what }
    : invalid(`:${kind} takes nothing, or "consumers"`);
}

function parseSave(rest: readonly string[]): Command {
  const force = rest.includes('--force');
  const paths = rest.filter((word) => word !== '--force');
  return paths.length <= 1
    ? { kind: 'save', path: paths[0] ?? null, force }
    : invalid(':save takes one file name (without blanks)');
}

function parseKnobCommand(definition: KnobDefinition, rest: readonly string[], view: KnobValues): Command {
  const text = rest.join('');
  if (text === '') {
    return invalid(`:${definition.flag} needs a value: ${definition.choices?.join(', ') ?? example(definition)}`);
  }
  const value = parseKnobValue(definition, text, view);
  return value.ok ? { kind: 'knob', name: definition.name, value: value.value } : invalid(value.message);
}

function example(definition: KnobDefinition): string {
  const examples = { rate: '50k, *2, +1% or max', bytes: '64KiB', ms: '5ms', count: '4', choice: '' } as const;
  return examples[definition.unit];
}

/** Carries a command out. `confirmed` repeats one that was answered with a question. */
export async function runCommand(control: SessionControl, command: Command, confirmed = false): Promise<ControlAnswer> {
  switch (command.kind) {
    case 'knob':
      return control.setKnob(command.name, command.value, confirmed);
    case 'pause':
      return command.what === 'load' ? control.pauseLoad() : control.pauseConsumers();
    case 'resume':
      return command.what === 'load' ? control.resumeLoad() : control.resumeConsumers();
    case 'save':
      return control.save(command.path, command.force || confirmed);
    case 'fresh':
      return control.freshFigures();
    case 'back-off':
      return control.backOff();
    case 'undo':
      return control.undo();
    case 'automate':
      return control.automate(command.request, confirmed);
    case 'stop':
      return control.stopAutomation();
    case 'reverse':
      return control.reverse();
    case 'quit':
      control.stop('quit');
      return { kind: 'done', message: 'draining' };
    case 'help':
    case 'pin':
    case 'unpin':
    case 'curve':
    case 'theme':
    case 'graph':
    case 'mouse':
      return { kind: 'refused', message: `:${command.kind} is for the screen only` };
    case 'invalid':
      return { kind: 'refused', message: command.message };
  }
}

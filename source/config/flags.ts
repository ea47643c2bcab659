/** The table of flags, and the command line read by it. */
import { parseArgs } from 'node:util';
import { usageError } from '../errors.ts';
import { didYouMean } from './nearest-name.ts';
import type { Group, SettingKey } from './settings/setting.ts';
import { settingKeys, settings } from './settings.ts';

/** Flags that are no part of the plan. */
export const optionNames = [
  'preset',
  'config',
  'property',
  'tls',
  'tls-ca',
  'tls-cert',
  'tls-key',
  'tls-server-name',
  'tls-verify',
  'sasl',
  'sasl-username',
  'sasl-password-file',
  'oauth-token-file',
  'dry-run',
  'screen',
  'plain',
  'json',
  'save',
  'force',
  'out',
  'quiet',
  'no-color',
  'ascii',
  'theme',
  'mouse',
  'fps',
  'commands',
  'no-history',
  'help',
  'version',
  'clean',
  'format',
  'base',
  'new',
  'force-compare',
  'fail-on-regression',
  'port',
  'nodes',
  'capacity',
  'latency',
  'curve',
  'quota',
  'fetch-capacity',
  'sasl-user',
  'max-reauth',
  'fault',
] as const;
export type OptionName = (typeof optionNames)[number];

export interface Flag {
  readonly name: string;
  readonly short: string | null;
  readonly aliases: readonly string[];
  /** Placeholder of its value; null: a switch. */
  readonly takes: string | null;
  readonly repeat: boolean;
  /** All words up to the next flag are its values, as a shell makes them of `A*.json`. */
  readonly takesMany: boolean;
  readonly group: Group | 'topics' | 'report' | 'compare' | 'sandbox' | 'Help';
  readonly help: string;
  readonly means:
    | { readonly kind: 'setting'; readonly key: SettingKey }
    | { readonly kind: 'option'; readonly option: OptionName };
}

type OptionRow = Pick<Flag, 'takes' | 'group' | 'help'> &
  Partial<Pick<Flag, 'short' | 'aliases' | 'repeat' | 'takesMany'>>;

const optionRows: Readonly<Record<OptionName, OptionRow>> = {
  preset: { takes: 'NAME', group: 'Load', help: 'start from a preset; see: loadtui presets' },
  config: {
    short: 'c',
    aliases: ['command-config'],
    takes: 'FILE',
    group: 'Cluster',
    help: "Kafka's client.properties",
  },
  property: {
    short: 'X',
    aliases: ['command-property'],
    takes: 'NAME=VALUE',
    repeat: true,
    group: 'Cluster',
    help: 'one property of Kafka',
  },
  tls: { takes: null, group: 'Security', help: 'speak TLS; of sandbox: ask for it' },
  'tls-ca': { takes: 'FILE', group: 'Security', help: 'whom to trust: PEM or PKCS12' },
  'tls-cert': { takes: 'FILE', group: 'Security', help: 'our own certificate: PEM, or PKCS12 with its key' },
  'tls-key': { takes: 'FILE', group: 'Security', help: 'its key, PEM' },
  'tls-server-name': { takes: 'NAME', group: 'Security', help: 'whose certificate brokers show [the host]' },
  'tls-verify': { takes: 'HOW', group: 'Security', help: 'full; chain: of any name; none: of anybody [full]' },
  sasl: { takes: 'NAME', group: 'Security', help: 'PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER' },
  'sasl-username': { takes: 'NAME', group: 'Security', help: 'the password: LOADTUI_SASL_PASSWORD, or asked for' },
  'sasl-password-file': { takes: 'FILE', group: 'Security', help: 'a file that holds the password' },
  'oauth-token-file': { takes: 'FILE', group: 'Security', help: 'a file that holds the token, read for each login' },
  'dry-run': { takes: null, group: 'Safety and verdict', help: 'show the plan, touch nothing' },
  screen: { takes: null, group: 'Output', help: 'the screen, also under CI' },
  plain: { takes: null, group: 'Output', help: 'one line a second' },
  json: { takes: null, group: 'Output', help: 'NDJSON on standard output' },
  save: { takes: 'FILE', group: 'Output', help: 'write the session there at the end' },
  force: { takes: null, group: 'Output', help: 'let --save and -o overwrite; see --clean' },
  out: { short: 'o', takes: 'PATH', group: 'Output', help: 'where runs put files [here]; else: the file' },
  quiet: { short: 'q', takes: null, group: 'Output', help: 'only the summary' },
  'no-color': { takes: null, group: 'Output', help: 'no colours (also: NO_COLOR)' },
  ascii: { takes: null, group: 'Output', help: 'nothing but ASCII' },
  theme: { takes: 'NAME', group: 'Output', help: 'dark, light, high-contrast, ansi16, mono ...' },
  mouse: { takes: null, group: 'Output', help: 'the screen heeds clicks and the wheel' },
  fps: { takes: 'N', group: 'Output', help: 'frames per second of the screen [5]' },
  commands: { takes: 'FILE', group: 'Output', help: 'a file of : commands, - for standard input' },
  'no-history': { takes: null, group: 'Output', help: 'keep no journal of this run' },
  help: { short: 'h', takes: null, group: 'Help', help: 'this text' },
  version: { short: 'V', takes: null, group: 'Help', help: 'the version' },
  clean: { takes: null, group: 'topics', help: 'remove those of ended runs; --force: all' },
  format: {
    takes: 'NAME',
    group: 'report',
    help: 'json or hlog (HdrHistogram log) [json]; of compare: text, md or json [text]',
  },
  base: {
    takes: 'FILE',
    repeat: true,
    takesMany: true,
    group: 'compare',
    help: 'the runs before, as many as you like',
  },
  new: { takes: 'FILE', repeat: true, takesMany: true, group: 'compare', help: 'the runs after' },
  'force-compare': { takes: null, group: 'compare', help: 'also runs that measure different things' },
  'fail-on-regression': { takes: null, group: 'compare', help: 'exit code 4 where a figure is worse' },
  port: { takes: 'N', group: 'sandbox', help: 'of the first broker [9092]; 0: any' },
  nodes: { takes: 'N', group: 'sandbox', help: 'brokers, each on a port of its own' },
  capacity: { takes: 'RATE', group: 'sandbox', help: 'messages (50k) or bytes (50MB/s) per second' },
  latency: { takes: 'TIME', group: 'sandbox', help: 'added to every answer' },
  curve: { takes: 'TIME:RATE', group: 'sandbox', help: '30ms:100k adds 30ms / (1 - rate/100k) to every answer' },
  quota: { takes: 'RATE', group: 'sandbox', help: 'messages per second; beyond it producers are throttled' },
  'fetch-capacity': { takes: 'RATE', group: 'sandbox', help: 'records per second that readers get' },
  'sasl-user': {
    takes: 'NAME:PASSWORD',
    repeat: true,
    group: 'sandbox',
    help: 'who may log in, with --sasl scram, plain or oauthbearer [loadtui:sandbox]',
  },
  'max-reauth': { takes: 'TIME', group: 'sandbox', help: 'logins must be renewed after so long' },
  fault: {
    takes: 'FAULT',
    repeat: true,
    group: 'sandbox',
    help: 'stall:2s, lost-ack:3, drop:7,after=10s of load ...',
  },
};

function settingFlag(key: SettingKey): Flag {
  const { name, short = null, aliases = [], takes, repeat = false, group, help } = settings[key];
  return { name, short, aliases, takes, repeat, takesMany: false, group, help, means: { kind: 'setting', key } };
}

function optionFlag(option: OptionName): Flag {
  const { short = null, aliases = [], takes, repeat = false, takesMany = false, group, help } = optionRows[option];
  return { name: option, short, aliases, takes, repeat, takesMany, group, help, means: { kind: 'option', option } };
}

/** All flags in the order of the help: a preset is where one begins. */
export const flags: readonly Flag[] = [
  optionFlag('preset'),
  ...settingKeys.filter((key) => settings[key].isFlag !== false).map(settingFlag),
  ...optionNames.filter((option) => option !== 'preset').map(optionFlag),
];

/** Flags that are promised and not built yet. */
const laterFlags = ['workload', 'driver'];

const sweepFlag = settingFlag('sweep');

/** A word such as `linger=0,5ms` after `loadtui sweep`, as the flag that it stands for. */
export function sweptOperand(word: string): GivenFlag {
  return { flag: sweepFlag, text: word, source: 'flag', label: 'sweep' };
}

/** A flag that somebody gave, not yet read. */
export interface GivenFlag {
  readonly flag: Flag;
  readonly text: string;
  readonly source: 'flag' | 'environment';
  /** As errors name it: "--linger", "LOADTUI_LINGER". */
  readonly label: string;
}

export interface CommandLine {
  readonly positionals: readonly string[];
  readonly given: readonly GivenFlag[];
}

const byName: ReadonlyMap<string, Flag> = new Map(
  flags.flatMap((flag) => [flag.name, ...flag.aliases].map((name) => [name, flag] as const)),
);
const longNames = [...byName.keys()];

function unknownFlag(rawName: string, name: string): never {
  if (laterFlags.includes(name)) {
    throw usageError(`${rawName} comes in a later version`, 'loadtui --help lists what there is.');
  }
  const fallback = 'loadtui --help lists all flags.';
  throw usageError(`unknown flag ${rawName}`, name.length > 1 ? didYouMean(name, longNames, fallback, '--') : fallback);
}

/** Reads a command line by the table. Unknown flags and missing values throw. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const options = Object.fromEntries(
    [...byName].map(([name, flag]) => {
      const type = flag.takes === null ? ('boolean' as const) : ('string' as const);
      return [name, flag.short === null || name !== flag.name ? { type } : { type, short: flag.short }];
    }),
  );
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  const positionals: string[] = [];
  const given: GivenFlag[] = [];
  // The flag that takes the words that follow.
  let open: GivenFlag | null = null;
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (open === null) positionals.push(token.value);
      else given.push({ ...open, text: token.value });
    } else if (token.kind === 'option') {
      const flag = byName.get(token.name) ?? unknownFlag(token.rawName, token.name);
      const label = token.rawName.startsWith('--') ? token.rawName : `--${flag.name}`;
      if (flag.takes !== null && (token.value === undefined || (!token.inlineValue && looksLikeFlag(token.value)))) {
        throw usageError(`${label} needs a value`, `Write ${label} ${flag.takes}.`);
      }
      const found: GivenFlag = { flag, text: token.value ?? '', source: 'flag', label };
      given.push(found);
      open = flag.takesMany ? found : null;
    } else {
      open = null;
    }
  }
  return { positionals, given };
}

/** `--rate --json` has lost its value; `--rate -1` and `--commands -` have not. */
function looksLikeFlag(value: string): boolean {
  return /^-[^0-9.]/.test(value);
}

/** The options among the given flags; what the command line says wins over the environment. */
export class Options {
  private readonly given: readonly GivenFlag[];

  constructor(given: readonly GivenFlag[]) {
    this.given = given;
  }

  /** All times the option was given, by its strongest source. */
  all(option: OptionName): readonly GivenFlag[] {
    const found = this.given.filter(({ flag }) => flag.means.kind === 'option' && flag.means.option === option);
    const typed = found.filter(({ source }) => source === 'flag');
    return typed.length > 0 ? typed : found;
  }

  /** The one time it was given; null: not given. Twice throws. */
  one(option: OptionName): GivenFlag | null {
    const [first, second] = this.all(option);
    if (first !== undefined && second !== undefined) {
      throw usageError(`${second.label} is said twice`, 'Keep one of them.');
    }
    return first ?? null;
  }
}

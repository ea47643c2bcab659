/** The help texts, made from the table of flags: at most 80 columns wide. */

import { defaultValues } from '../config/defaults.ts';
import { type Flag, flags } from '../config/flags.ts';
import { fateText, propertyFates } from '../config/property-fates.ts';
import { groups, type SettingKey, type Values } from '../config/settings/setting.ts';
import { settingKeys, settings, yamlKey } from '../config/settings.ts';
import { helpTopics } from './names.ts';

const width = 80;

/** Fills lines of at most 80 columns; each begins with `indent` blanks. */
function wrap(words: readonly string[], indent: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(' '.repeat(indent) + line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, ' '.repeat(indent) + line];
}

/** Two columns; a left side that is too long has a line of its own. */
function twoColumns(left: string, right: string, at: number): readonly string[] {
  const described = wrap(right.split(' '), at);
  const [first, ...others] = described;
  const fits = left.length + 2 <= at;
  return fits && first !== undefined ? [left.padEnd(at) + first.slice(at), ...others] : [left, ...described];
}

function flagLine(flag: Flag): readonly string[] {
  const short = flag.short === null ? '    ' : `-${flag.short}, `;
  const value = flag.takes === null ? '' : ` ${flag.takes}`;
  const aliases = flag.aliases.length === 0 ? '' : ` (also --${flag.aliases.join(', --')})`;
  const standard = flag.means.kind === 'setting' ? defaultText(flag.means.key) : null;
  const shown = standard === null ? '' : ` [${standard}]`;
  return twoColumns(`  ${short}--${flag.name}${value}`, `${flag.help}${shown}${aliases}`, 34);
}

/** Defaults that depend on the machine or the style. */
const otherDefaults: Partial<Readonly<Record<SettingKey, string>>> = {
  threads: 'cores - 1, up to 4',
  durationMs: '60s; on the screen 0',
};
const nothingSaid = ['', 'none', 'auto', 'max', 'unlimited'];

/** What holds where the flag is left out; null: nothing worth a word. */
function defaultText(key: SettingKey): string | null {
  const written = <K extends SettingKey>(name: K, values: Values): readonly string[] =>
    settings[name].write(values[name]);
  if (settings[key].takes === null) return null;
  const text = otherDefaults[key] ?? written(key, defaultValues('plain')).join(', ');
  return nothingSaid.includes(text) || settings[key].help.includes(text) ? null : text;
}

/** One line a command: what is typed and what it does. */
export const commandLines: readonly (readonly [string, string])[] = [
  ['loadtui [run] [PLAN.yaml|-]', 'put load on a cluster, or on the sandbox'],
  ["loadtui find --slo 'p99<10ms'", 'the highest rate that holds an SLO'],
  ['loadtui sweep linger=0,5ms producers=1,4', 'each combination, and which is best'],
  ['loadtui report FILE|DIR|last|last~N', 'a session of the history or of a file'],
  ['loadtui replay FILE|DIR|last|last~N', 'the same on the screen, played again'],
  ['loadtui compare A B...', 'runs against a base, with honest statistics'],
  ['loadtui presets [NAME]', 'list the presets, or print one'],
  ['loadtui validate FILE...', 'check plan and properties files, run nothing'],
  ['loadtui check', 'is the cluster there, what can this host do'],
  ['loadtui topics [--clean]', 'topics that loadtui left behind'],
  ['loadtui sandbox', 'the embedded broker alone'],
  ['loadtui completion SHELL', 'for bash, zsh or fish'],
  [`loadtui help ${helpTopics.join('|')}`, 'the keys of the screen, SLOs, units and files'],
];

function groupLines(title: string, group: Flag['group']): readonly string[] {
  return ['', title, ...flags.filter((flag) => flag.group === group).flatMap(flagLine)];
}

/** What `loadtui --help` prints. */
export function helpText(): string {
  return [
    'loadtui: puts load on Apache Kafka and shows what it does to it.',
    '',
    'Commands',
    ...commandLines.flatMap(([left, right]) => twoColumns(`  ${left}`, right, 34)),
    ...groups.flatMap((group) => groupLines(group, group)),
    ...groupLines('loadtui report', 'report'),
    ...groupLines('loadtui compare', 'compare'),
    ...groupLines('loadtui topics', 'topics'),
    ...groupLines('loadtui sandbox', 'sandbox'),
    ...groupLines('Help', 'Help'),
    '',
    ...wrap(
      '[In brackets]: the default; presets have their own. Every flag has a variable: --batch-size is LOADTUI_BATCH_SIZE. A flag wins over a variable, that over --config, a plan file, a preset, a default. A switch is turned off by =false.'.split(
        ' ',
      ),
      0,
    ),
    '',
    'Examples',
    '  loadtui --preset latency                       on the sandbox',
    '  loadtui -b localhost:9092 -r 50k -s 1KiB       on a cluster',
    "  loadtui -b b1:9092 --preset throughput -d 60s --plain --slo 'p99<10ms'",
    '',
    'Exit codes',
    '  0 done     1 a fault of loadtui     2 wrong usage or file',
    '  3 the cluster cannot be reached or used, or the load was aborted',
    '  4 an SLO was broken, or less than 99% of the rate achieved; of find: even the',
    '    lowest rate fails; of compare --fail-on-regression: a figure is worse',
    '  5 messages are missing or not accounted for',
    '  6 this machine could not keep the schedule; of find: it was the limit',
    '  129, 130, 143  ended by a lost terminal, Ctrl-C, SIGTERM',
    '',
  ].join('\n');
}

/** What `loadtui help slo` prints. */
export const sloHelpText = `An SLO says what a good run is; where one is broken, the exit code is 4.

  [response|service|e2e.]pNN[.N]<DURATION
              p99<10ms          99 of 100 messages are answered within 10 ms,
                                counted from when they were due (response)
              service.p99<10ms  counted from when they were handed over
              e2e.p99.9<50ms    counted from due to consumed
  errors<0.1%                   fewer than 1 in 1,000 messages fail
  lag<5s                        consumers are never more than 5 s behind
  achieved>99%                  the target rate was reached (judged without
                                asking, unless --no-achieved-gate)

Several: --slo 'p99<10ms' --slo 'lag<5s', or separated by commas. <= is <.

--abort-on pauses the load, or ends a run without a screen with exit code 3:
  errors>10% for 10s, no-acks for 30s
`;

/** What `loadtui help units` prints. */
export function unitsHelpText(): string {
  const tuning = settingKeys.filter((key) => settings[key].isFlag === false).map(yamlKey);
  return [
    'Counts     16  50k  1.2M',
    'Bytes      100B  64KiB  1MiB          64KB is refused: it has two meanings',
    'Durations  500us  5ms  30s  10m  1h   never without a unit, except 0',
    'Rates      50k  1.2M  50MB/s  max     messages per second; max: no limit',
    '',
    'Plan files are YAML. Keys are the flag names in camelCase, values as in flags:',
    '',
    '  preset: latency',
    '  rate: 50k',
    '  messageSize: 1KiB',
    '  linger: 5ms',
    '  slo: [p99<10ms, errors<0.1%]',
    '  keys: {prefix: sensor-, count: 1000}',
    "  headers: {source: loadtui, sensor: '{key}', at: '{sendTimeMs}'}",
    '  topicConfig: {min.insync.replicas: 2}',
    '  tuning: {requestTimeout: 10s}',
    '',
    'Under tuning:',
    ...wrap(tuning, 2),
    '',
    "Kafka's properties (-c FILE, -X name=value): loadtui help properties",
    '',
  ].join('\n');
}

/** What `loadtui help properties` prints. */
export function propertiesHelpText(): string {
  return [
    "What becomes of each property of Kafka's clients in -c FILE and -X name=value.",
    'Times are in ms and sizes in bytes, as Kafka has them. All else is refused, too.',
    '',
    ...[...propertyFates].flatMap(([name, fate]) => [name, ...wrap(fateText(fate).split(' '), 4)]),
    '',
  ].join('\n');
}

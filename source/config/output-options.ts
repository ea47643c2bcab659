/** How a run talks to its operator: screen, plain lines or NDJSON; colours; files. */
import { existsSync } from 'node:fs';
import { LoadtuiError, usageError } from '../errors.ts';
import type { OptionName, Options } from './flags.ts';
import { readAt } from './layers.ts';
import type { OutputOptions } from './plan.ts';
import { readName, readSwitch } from './readers.ts';
import { sessionsFolder } from './sessions-folder.ts';
import { readTheme } from './themes.ts';
import { parseCount } from './units.ts';

/** What the process sees around it. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdinIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
}

export const defaultFps = 5;

function switched(options: Options, option: OptionName): boolean | null {
  const given = options.one(option);
  return given === null ? null : readAt({ source: given.source, label: given.label }, () => readSwitch(given.text));
}

function text<T>(options: Options, option: OptionName, fallback: T, read: (text: string) => T): T {
  const given = options.one(option);
  return given === null ? fallback : readAt({ source: given.source, label: given.label }, () => read(given.text));
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}

/** Whether the locale can show more than ASCII: the first of LC_ALL, LC_CTYPE, LANG that is set decides. */
export function localeIsUtf8(environment: Surroundings['environment']): boolean {
  const locale = [environment.LC_ALL, environment.LC_CTYPE, environment.LANG].find((value) => isNamed(value));
  return process.platform === 'win32' || (locale !== undefined && /utf-?8/i.test(locale));
}

function isNamed(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

/**
 * The style: what was asked for, else a screen where both ends are terminals and nothing says otherwise (CI, a dumb
 * terminal, commands on standard input).
 */
function styleOf(options: Options, around: Surroundings): OutputOptions['style'] {
  const asked = (['screen', 'plain', 'json'] as const).filter((style) => switched(options, style) === true);
  // The command line wins over the environment: LOADTUI_JSON=1 gives way to --plain.
  const typed = asked.filter((style) => options.one(style)?.source === 'flag');
  const [first, second] = typed.length > 0 ? typed : asked;
  if (first !== undefined && second !== undefined) {
    throw usageError(`--${first} and --${second} contradict each other`, 'Keep one of them.');
  }
  if (first === 'screen' && !(around.stdinIsTerminal && around.stdoutIsTerminal)) {
    const which = around.stdoutIsTerminal ? 'standard input' : 'standard output';
    throw usageError(`--screen needs a terminal, and ${which} is none`, 'Use --plain or --json here.');
  }
  if (first !== undefined) {
    return first;
  }
  const { environment } = around;
  const plainPlace = isSet(environment.CI) || environment.TERM === 'dumb';
  return around.stdinIsTerminal && around.stdoutIsTerminal && !plainPlace ? 'screen' : 'plain';
}

function readFps(value: string): number {
  const fps = parseCount(value);
  if (fps < 1 || fps > 30) {
    throw usageError(`${fps} is not between 1 and 30`, `The default is ${defaultFps}.`);
  }
  return fps;
}

/** Reads the output options. A --save that would overwrite throws now, not after the run. */
export function readOutputOptions(options: Options, around: Surroundings): OutputOptions {
  const { environment } = around;
  const savePath = text<string | null>(options, 'save', null, readName);
  const force = switched(options, 'force') ?? false;
  if (savePath !== null && !force && existsSync(savePath)) {
    throw new LoadtuiError(`${savePath} is there already`, {
      code: 'FILE_EXISTS',
      fault: 'usage',
      next: 'Choose another name, or add --force.',
    });
  }
  const noColor = switched(options, 'no-color') ?? (isNamed(environment.NO_COLOR) || environment.TERM === 'dumb');
  return {
    style: styleOf(options, around),
    savePath,
    force,
    outDirectory: text(options, 'out', '.', readName),
    quiet: switched(options, 'quiet') ?? false,
    color: !noColor && around.stdoutIsTerminal,
    ascii: switched(options, 'ascii') ?? !localeIsUtf8(environment),
    theme: text<OutputOptions['theme']>(options, 'theme', 'default', readTheme),
    mouse: isSwitchedOn(options, 'mouse'),
    fps: text(options, 'fps', defaultFps, readFps),
    commandsPath: text<string | null>(options, 'commands', null, readName),
    historyFolder: isSwitchedOn(options, 'no-history') ? null : sessionsFolder(environment),
  };
}

/** A plain switch such as --dry-run or --clean. */
export function isSwitchedOn(options: Options, option: OptionName): boolean {
  return switched(options, option) ?? false;
}

import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../source/config/environment.ts';
import { Options, parseCommandLine } from '../../source/config/flags.ts';
import { localeIsUtf8, readOutputOptions } from '../../source/config/output-options.ts';
import type { OutputOptions } from '../../source/config/plan.ts';
import { fileWith, refusalOf } from './support.ts';

interface Place {
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: boolean;
  readonly stdout?: boolean;
}

function optionsOf(
  args: readonly string[],
  { environment = {}, stdin = true, stdout = true }: Place = {},
): OutputOptions {
  const given = [...parseCommandLine(args).given, ...readEnvironment(environment).given];
  const around = { environment, stdinIsTerminal: stdin, stdoutIsTerminal: stdout };
  return readOutputOptions(new Options(given), around);
}

describe('the style', () => {
  it.each<[string, string[], Place, OutputOptions['style']]>([
    ['two terminals', [], {}, 'screen'],
    ['a pipe behind', [], { stdout: false }, 'plain'],
    ['a pipe before', [], { stdin: false }, 'plain'],
    ['CI', [], { environment: { CI: 'true' } }, 'plain'],
    ['CI=false', [], { environment: { CI: 'false' } }, 'screen'],
    ['CI with --screen', ['--screen'], { environment: { CI: '1' } }, 'screen'],
    ['a dumb terminal', [], { environment: { TERM: 'dumb' } }, 'plain'],
    ['--plain', ['--plain'], {}, 'plain'],
    ['--json', ['--json'], {}, 'json'],
    ['a variable', [], { environment: { LOADTUI_JSON: '1' } }, 'json'],
    ['a flag against a variable', ['--plain'], { environment: { LOADTUI_JSON: '1' } }, 'plain'],
    ['a switch that is off', ['--json=false'], {}, 'screen'],
  ])('%s', (_, args, place, style) => expect(optionsOf(args, place).style).toBe(style));
});

describe('the rest', () => {
  it('has defaults', () => {
    const environment = { LANG: 'de_DE.UTF-8', XDG_STATE_HOME: '/state' };
    expect(optionsOf([], { environment })).toEqual({
      style: 'screen',
      savePath: null,
      force: false,
      outDirectory: '.',
      quiet: false,
      color: true,
      ascii: false,
      theme: 'default',
      mouse: false,
      fps: 5,
      commandsPath: null,
      historyFolder: '/state/loadtui/sessions',
    });
  });

  it.each<[string[], Place, Partial<OutputOptions>]>([
    [['--mouse'], {}, { mouse: true }],
    [['--no-color'], {}, { color: false }],
    [[], { environment: { LOADTUI_THEME: 'high-contrast' } }, { theme: 'high-contrast' }],
    [['--theme', 'dark'], { environment: { LOADTUI_THEME: 'light' } }, { theme: 'dark' }],
    [['--no-history'], { environment: { XDG_STATE_HOME: '/state' } }, { historyFolder: null }],
    [[], { environment: { NO_COLOR: '1' } }, { color: false }],
    [['--no-color=false'], { environment: { NO_COLOR: '1' } }, { color: true }],
    [[], { stdout: false }, { color: false }],
    [[], { environment: { LANG: 'C' } }, { ascii: true }],
    [['--ascii'], { environment: { LANG: 'C.UTF-8' } }, { ascii: true }],
    [['--ascii=false'], {}, { ascii: false }],
    [
      ['-q', '-o', 'runs', '--theme', 'light', '--fps', '10'],
      {},
      { quiet: true, outDirectory: 'runs', theme: 'light', fps: 10 },
    ],
    [['--commands', '-'], {}, { commandsPath: '-' }],
  ])('%j in %j', (args, place, expected) => expect(optionsOf(args, place)).toMatchObject(expected));

  it.each<[string[], Place, string]>([
    [['--screen'], { stdout: false }, '--screen needs a terminal, and standard output is none'],
    [['--screen'], { stdin: false }, '--screen needs a terminal, and standard input is none'],
    [['--screen', '--json'], {}, '--screen and --json contradict each other'],
    [['--theme', 'drak'], {}, '--theme: there is no theme "drak"'],
    [[], { environment: { LOADTUI_THEME: 'neon' } }, 'LOADTUI_THEME: there is no theme "neon"'],
    [['--fps', '0'], {}, '--fps: 0 is not between 1 and 30'],
    [['--save', fileWith('', 'json')], {}, 'is there already'],
    [['--save', 'a', '--save', 'b'], {}, '--save is said twice'],
  ])('refuses %j', (args, place, message) => expect(refusalOf(() => optionsOf(args, place))).toContain(message));
});

describe('the locale', () => {
  it.each([
    [{ LANG: 'en_US.UTF-8' }, true],
    [{ LANG: 'en_US.utf8' }, true],
    [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false],
    [{ LC_ALL: '', LC_CTYPE: 'C.UTF-8', LANG: 'C' }, true],
    [{}, false],
  ])('%j', (environment, utf8) => expect(localeIsUtf8(environment)).toBe(utf8));
});

import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { completionScript, shells } from '../../source/commands/completion.ts';
import { helpText, sloHelpText, unitsHelpText } from '../../source/commands/help.ts';
import { keysHelpText } from '../../source/commands/help-keys.ts';
import { commandNames } from '../../source/commands/names.ts';
import { presetsText } from '../../source/commands/presets.ts';
import { flags } from '../../source/config/flags.ts';
import { exitCodes } from '../../source/errors.ts';
import { keyTable } from '../../source/ui/keys.ts';
import { loadtuiHere } from './support.ts';

describe('the help', () => {
  it.each([
    ['of all flags', helpText()],
    ['about SLOs', sloHelpText],
    ['about units', unitsHelpText()],
    ['about keys', keysHelpText(false)],
    ['about keys, in ASCII', keysHelpText(true)],
    ['about presets', presetsText(undefined)],
  ])('%s fits 80 columns and ends its last line', (_, text) => {
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(text.endsWith('\n')).toBe(true);
  });

  it('names every flag once, with its short name and aliases', () => {
    for (const { name, short, aliases } of flags) {
      const lines = helpText()
        .split('\n')
        .filter((line) => new RegExp(`^ +(-., )?--${name}( |$)`).test(line));
      expect(lines, name).toHaveLength(1);
      expect(lines[0]).toContain(short === null ? `    --${name}` : `-${short}, --${name}`);
      for (const alias of aliases) {
        expect(helpText()).toContain(`--${alias}`);
      }
    }
  });

  it.each([
    ['--rate RATE', 'messages per second, 50MB/s, or max [1k]'],
    ['--batch-size SIZE', '[16KiB]'],
    ['--threads N', '[cores - 1, up to 4]'],
    ['--warm-up TIME', '[10s]'],
  ])('tells what holds without %s', (flag, text) => {
    const line = helpText()
      .split('\n')
      .find((candidate) => candidate.includes(flag));
    expect(line).toContain(text);
  });

  it('tells every exit code and no flag that is still to come', () => {
    const codes = helpText().split('Exit codes')[1] ?? '';
    for (const code of Object.values(exitCodes)) {
      expect(codes).toMatch(new RegExp(`(^|[ ,])${code}[ ,]`, 'm'));
    }
    expect(codes).toMatch(/^ {2}4 .*; of find: even the\n {4}lowest rate fails;/m);
    expect(codes).toMatch(/^ {2}6 .*; of find: it was the limit$/m);
    expect(helpText()).not.toMatch(/--(driver|workload)/);
  });

  it('has no short name twice', () => {
    const names = flags.flatMap((flag) => [flag.name, ...flag.aliases, ...(flag.short === null ? [] : [flag.short])]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has every key of the screen', () => {
    for (const row of keyTable) {
      expect(keysHelpText(false)).toContain(row.help);
    }
  });
});

describe('completion', () => {
  it.each(shells)('%s knows all flags and commands', (shell) => {
    const script = completionScript(shell);
    for (const { name } of flags) {
      expect(script).toContain(shell === 'fish' ? `-l ${name}` : `--${name}`);
    }
    for (const command of commandNames) {
      expect(script).toContain(command);
    }
    expect(script).toContain('digital-twin');
  });

  it('is a script that bash reads and answers by', () => {
    const ask = `${completionScript('bash')}
COMP_WORDS=(loadtui --preset la); COMP_CWORD=2; _loadtui; echo "\${COMPREPLY[@]}"
COMP_WORDS=(loadtui --brok); COMP_CWORD=1; _loadtui; echo "\${COMPREPLY[@]}"
COMP_WORDS=(loadtui sandb); COMP_CWORD=1; _loadtui; echo "\${COMPREPLY[@]}"
COMP_WORDS=(loadtui compare las); COMP_CWORD=2; _loadtui; echo "\${COMPREPLY[@]}"`;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', ask], { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: 'latency\n--brokers\nsandbox\nlast\n',
      stderr: '',
    });
  });
});

describe('help about what there is none about', () => {
  it.each([
    ['kyes', 'Did you mean loadtui help keys?'],
    ['slos', 'Did you mean loadtui help slo?'],
    ['chekc', 'Did you mean loadtui check?'],
    ['sandbox', 'loadtui --help tells what loadtui sandbox does.'],
    ['foo', 'There is help about keys, slo, units'],
  ])('%s', async (asked, words) => {
    const { code, stdout, stderr } = await loadtuiHere(['help', asked]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`"${asked}"`);
    expect(stderr).toContain(words);
  });
});

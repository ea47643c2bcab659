/**
 * Flags and subcommands. What a command needs is imported when it is asked for, so that `--help` answers at once and a
 * run is on the wire early.
 */
import { readFileSync } from 'node:fs';
import { commandOf } from './commands/command-of.ts';
import { type EarlyKeys, takeKeys } from './commands/early-keys.ts';
import { errorText, exitCodeOf } from './commands/error-text.ts';
import { forgetSecretVariables, hideSecrets, typedSecretWarning } from './commands/hide-secrets.ts';
import type { CommandName } from './commands/names.ts';
import { print } from './commands/print.ts';
import { replayOptions, takesFlag } from './commands/takes-flag.ts';
import { readEnvironment } from './config/environment.ts';
import { type GivenFlag, type OptionName, Options, parseCommandLine, sweptOperand } from './config/flags.ts';
import { isSwitchedOn, localeIsUtf8, readOutputOptions } from './config/output-options.ts';
import type { AskedPlan, OutputOptions, Task } from './config/plan.ts';
import type { GivenSecret } from './config/security/flags.ts';
import { sessionsFolder } from './config/sessions-folder.ts';
import { exitCodes, usageError } from './errors.ts';
import { keepMemorySmall } from './lean-memory.ts';

interface Invocation {
  /** All words, for the record of the run. */
  readonly args: readonly string[];
  /** What follows the command's name. */
  readonly operands: readonly string[];
  /** Flags of the command line and of the environment. */
  readonly given: readonly GivenFlag[];
  readonly options: Options;
  readonly warnings: readonly string[];
  /** Of the environment. */
  readonly secrets: readonly GivenSecret[];
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? 'unknown';
}

function outputOf({ options }: Invocation): OutputOptions {
  return readOutputOptions(options, {
    environment: process.env,
    stdinIsTerminal: process.stdin.isTTY === true,
    stdoutIsTerminal: process.stdout.isTTY === true,
  });
}

/** Reads the plan and how to show it; warnings go to standard error. */
async function resolve(
  invocation: Invocation,
  planPath: string | null,
  output: OutputOptions = outputOf(invocation),
  task: Task = 'run',
  keys: EarlyKeys | null = null,
): Promise<{ readonly resolved: AskedPlan; readonly output: OutputOptions }> {
  const { resolvePlan } = await import('./config/resolve-plan.ts');
  const { withPassword } = await import('./commands/with-password.ts');
  const { given, warnings, secrets } = invocation;
  if (planPath === '-' && output.commandsPath === '-') {
    throw usageError('the plan and --commands cannot both be standard input', 'Put one of them into a file.');
  }
  const wished = { given, planPath, style: output.style, task, warnings };
  const resolved = await withPassword(secrets, keys, (known) => resolvePlan({ ...wished, secrets: known }));
  for (const warning of resolved.warnings) {
    process.stderr.write(`loadtui: warning: ${warning}\n`);
  }
  return { resolved, output };
}

const run = (invocation: Invocation): Promise<number> => load(invocation, 'run');
const find = (invocation: Invocation): Promise<number> => load(invocation, 'find');

/** Words with an `=` say what to sweep, and one without is a plan file. */
function sweep(invocation: Invocation): Promise<number> {
  const operands = invocation.operands.filter((word) => !word.includes('='));
  const swept = invocation.operands.filter((word) => word.includes('=')).map(sweptOperand);
  return load({ ...invocation, operands, given: [...swept, ...invocation.given] }, 'sweep');
}

async function load(invocation: Invocation, task: Task): Promise<number> {
  const planPath = onlyOperand(invocation, 'plan file') ?? null;
  const output = outputOf(invocation);
  if (isSwitchedOn(invocation.options, 'dry-run')) {
    const { resolved } = await resolve(invocation, planPath, output, task);
    const { dryRunText } = await import('./commands/dry-run.ts');
    await print(dryRunText(resolved));
    return exitCodes.done;
  }
  // What is typed into a plan or a script is no key.
  const typesKeys = output.style === 'screen' && planPath !== '-' && output.commandsPath !== '-';
  const keys = typesKeys ? takeKeys(process.stdin) : null;
  try {
    const { resolved } = await resolve(invocation, planPath, output, task, keys);
    const { runCommand } = await import('./commands/run.ts');
    return await runCommand(resolved, output, ['loadtui', ...invocation.args], keys);
  } finally {
    keys?.release();
  }
}

async function report(invocation: Invocation): Promise<number> {
  const { options } = invocation;
  const session = onlyOperand(invocation, 'session');
  const next = 'loadtui report last is the last run; a file or folder will do as well.';
  if (session === undefined) throw usageError('which session?', next);
  const { readReportFormat, reportCommand } = await import('./commands/report.ts');
  const out = options.one('out');
  return reportCommand({
    session,
    format: readReportFormat(options.one('format')?.text ?? 'json'),
    // LOADTUI_OUT is where runs put their files.
    path: out?.source === 'flag' ? out.text : null,
    force: isSwitchedOn(options, 'force'),
    historyFolder: sessionsFolder(process.env),
  });
}

async function replay(invocation: Invocation): Promise<number> {
  const session = onlyOperand(invocation, 'session');
  const next = 'loadtui replay last plays the last run; a file or folder will do as well.';
  if (session === undefined) throw usageError('which session?', next);
  const { replayCommand } = await import('./commands/replay.ts');
  // What the environment says about the output of runs does not concern a replay.
  const given = invocation.given.filter(({ flag }) => replayOptions.some((option) => option === flag.name));
  const output = outputOf({ ...invocation, options: new Options(given) });
  return replayCommand({ session, historyFolder: sessionsFolder(process.env), output });
}

async function compare(invocation: Invocation): Promise<number> {
  const { operands, options } = invocation;
  const { readCompareFormat, readSides, compareCommand } = await import('./commands/compare.ts');
  const words = (option: OptionName): string[] => options.all(option).map(({ text }) => text);
  const format = options.one('format');
  const out = options.one('out');
  return compareCommand({
    ...readSides({ operands, base: words('base'), new: words('new') }),
    // LOADTUI_FORMAT is for reports.
    format: readCompareFormat(format?.source === 'flag' ? format.text : 'text'),
    path: out?.source === 'flag' ? out.text : null,
    force: isSwitchedOn(options, 'force'),
    forceCompare: isSwitchedOn(options, 'force-compare'),
    failOnRegression: isSwitchedOn(options, 'fail-on-regression'),
    ascii: isSwitchedOn(options, 'ascii') || !localeIsUtf8(process.env),
    historyFolder: sessionsFolder(process.env),
  });
}

async function check(invocation: Invocation): Promise<number> {
  noOperands(invocation);
  const { resolved, output } = await resolve(invocation, null);
  const { checkHost } = await import('./commands/check.ts');
  return checkHost(resolved, output);
}

async function topics(invocation: Invocation): Promise<number> {
  noOperands(invocation);
  const { resolved, output } = await resolve(invocation, null);
  const { topicsCommand } = await import('./commands/topics.ts');
  return topicsCommand(resolved, {
    clean: isSwitchedOn(invocation.options, 'clean'),
    historyFolder: sessionsFolder(process.env),
    output,
  });
}

async function presets(invocation: Invocation): Promise<number> {
  const { presetsText } = await import('./commands/presets.ts');
  await print(presetsText(onlyOperand(invocation, 'preset')));
  return exitCodes.done;
}

async function validate(invocation: Invocation): Promise<number> {
  const { validateFiles } = await import('./commands/validate.ts');
  const lines: string[] = [];
  const report = (text: string): number => lines.push(text);
  const fine = validateFiles(invocation.operands, report, reportError, invocation.secrets);
  await print(lines.map((line) => `${line}\n`).join(''));
  return fine ? exitCodes.done : exitCodes.usage;
}

async function sandbox(invocation: Invocation): Promise<number> {
  noOperands(invocation);
  const { sandboxFaultsOf, sandboxOptionsOf } = await import('./commands/sandbox-options.ts');
  const options = sandboxOptionsOf(invocation.options);
  const faults = sandboxFaultsOf(invocation.options);
  const { sandboxSecurityOf } = await import('./commands/sandbox-security.ts');
  const security = sandboxSecurityOf(invocation.options);
  const { runSandbox } = await import('./commands/sandbox.ts');
  return runSandbox(options, faults, security);
}

async function help(invocation: Invocation): Promise<number> {
  const { helpAbout } = await import('./commands/help-topic.ts');
  await print(await helpAbout(onlyOperand(invocation, 'topic')));
  return exitCodes.done;
}

async function completion(invocation: Invocation): Promise<number> {
  const { completionScript } = await import('./commands/completion.ts');
  await print(completionScript(onlyOperand(invocation, 'shell')));
  return exitCodes.done;
}

const commands: Readonly<Record<CommandName, (invocation: Invocation) => Promise<number>>> = {
  run,
  find,
  sweep,
  report,
  replay,
  compare,
  presets,
  validate,
  check,
  topics,
  sandbox,
  help,
  completion,
};

function onlyOperand({ operands }: Invocation, what: string): string | undefined {
  const [first, second] = operands;
  if (second !== undefined) {
    throw usageError(`one ${what} is enough, "${second}" is too much`, 'loadtui --help lists what there is.');
  }
  return first;
}

function noOperands({ operands }: Invocation): void {
  if (operands[0] !== undefined) {
    throw usageError(`"${operands[0]}" is too much here`, 'loadtui --help lists what there is.');
  }
}

async function dispatch(args: readonly string[]): Promise<number> {
  const line = parseCommandLine(args);
  const asksFor = (option: 'help' | 'version'): boolean =>
    line.given.some(({ flag }) => flag.means.kind === 'option' && flag.means.option === option);
  if (asksFor('version')) {
    await print(`loadtui ${version()}\n`);
    return exitCodes.done;
  }
  if (asksFor('help')) {
    const { helpText } = await import('./commands/help.ts');
    await print(helpText());
    return exitCodes.done;
  }
  const { name, operands } = commandOf(line);
  const foreign = line.given.find(({ flag }) => !takesFlag(name, flag));
  if (foreign !== undefined) {
    throw usageError(`${foreign.label} means nothing to loadtui ${name}`, 'loadtui --help says what belongs together.');
  }
  const environment = readEnvironment(process.env);
  forgetSecretVariables(process.env);
  const given = [...line.given, ...environment.given];
  const options = new Options(given);
  const { secrets } = environment;
  const typed = typedSecretWarning(args);
  const warnings = typed === null ? environment.warnings : [...environment.warnings, typed];
  return commands[name]({ args, operands, given, options, warnings, secrets });
}

function reportError(error: unknown): void {
  process.stderr.write(errorText(error));
}

/** Runs the program with the words after its name. Answers the exit code, and sets it for the end of the process. */
export async function main(args: readonly string[]): Promise<number> {
  hideSecrets(args);
  keepMemorySmall();
  let code: number;
  try {
    code = await dispatch(args);
  } catch (error) {
    reportError(error);
    code = exitCodeOf(error);
  }
  process.exitCode = code;
  return code;
}

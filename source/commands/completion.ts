/** Completion scripts for shells, made from the table of flags. */
import { type Flag, flags } from '../config/flags.ts';
import { didYouMean } from '../config/nearest-name.ts';
import { presetNames } from '../config/presets.ts';
import { themeNames } from '../config/themes.ts';
import { usageError } from '../errors.ts';
import { commandNames, compareFormats, helpTopics, reportFormats } from './names.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;

/** Words that may follow a flag, where they are few. */
function choicesOf(flag: Flag): readonly string[] {
  switch (flag.name) {
    case 'preset':
      return presetNames();
    case 'acks':
      return ['0', '1', 'all'];
    case 'pacing':
      return ['auto', 'timer', 'spin'];
    case 'arrivals':
      return ['uniform', 'poisson'];
    case 'limiter':
      return ['smooth', 'bursty'];
    case 'stamp':
      return ['value', 'header'];
    case 'theme':
      return themeNames;
    case 'format':
      return [...new Set([...reportFormats, ...compareFormats])];
    default:
      return [];
  }
}

const takesFile = (flag: Flag): boolean => flag.takes === 'FILE' || flag.takes === 'PATH';
const names = (flag: Flag): readonly string[] => [
  `--${flag.name}`,
  ...(flag.short === null ? [] : [`-${flag.short}`]),
  ...flag.aliases.map((alias) => `--${alias}`),
];

function bash(): string {
  const cases = flags
    .filter((flag) => flag.takes !== null)
    .map((flag) => {
      const choices = choicesOf(flag);
      const answer = takesFile(flag) ? 'compgen -f -- "$cur"' : `compgen -W "${choices.join(' ')}" -- "$cur"`;
      return `    ${names(flag).join('|')}) COMPREPLY=($(${answer})); return;;`;
    });
  const words = flags.map((flag) => `--${flag.name}`).join(' ');
  return `_loadtui() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  case "$prev" in
${cases.join('\n')}
    presets) COMPREPLY=($(compgen -W "${presetNames().join(' ')}" -- "$cur")); return;;
    report|replay|compare) COMPREPLY=($(compgen -W "last" -- "$cur") $(compgen -f -- "$cur")); return;;
    help) COMPREPLY=($(compgen -W "${helpTopics.join(' ')}" -- "$cur")); return;;
    completion) COMPREPLY=($(compgen -W "${shells.join(' ')}" -- "$cur")); return;;
  esac
  if [[ "$cur" == -* ]]; then
    COMPREPLY=($(compgen -W "${words}" -- "$cur"))
  else
    COMPREPLY=($(compgen -W "${commandNames.join(' ')}" -- "$cur") $(compgen -f -- "$cur"))
  fi
}
complete -o filenames -F _loadtui loadtui
`;
}

/** A text inside zsh's single-quoted argument specification; `special` is what has a meaning at that place. */
function zshText(text: string, special: RegExp): string {
  return text.replaceAll("'", '').replace(special, '\\$&');
}

function zsh(): string {
  const lines = flags.flatMap((flag) => {
    const choices = choicesOf(flag);
    const action = takesFile(flag) ? '_files' : choices.length > 0 ? `(${choices.join(' ')})` : ' ';
    const value = flag.takes === null ? '' : `:${zshText(flag.takes, /[:\\]/g)}:${action}`;
    const many = flag.repeat ? '*' : '';
    return names(flag).map((name) => `    '${many}${name}[${zshText(flag.help, /[[\]\\]/g)}]${value}'`);
  });
  return `#compdef loadtui
_loadtui() {
  local -a commands
  commands=(${commandNames.join(' ')})
  _arguments -s \\
${lines.join(' \\\n')} \\
    '1: :{_describe command commands; _files}' \\
    '*: :_files'
}
if [ "$funcstack[1]" = "_loadtui" ]; then _loadtui "$@"; else compdef _loadtui loadtui; fi
`;
}

function fish(): string {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = flags.flatMap((flag) => {
    const short = flag.short === null ? '' : ` -s ${flag.short}`;
    const choices = choicesOf(flag);
    const files = takesFile(flag) ? ' -rF' : ' -x';
    const value = flag.takes === null ? '' : choices.length > 0 ? ` -xa ${quoted(choices.join(' '))}` : files;
    const aliases = flag.aliases.map((alias) => `complete -c loadtui -l ${alias}${value} -d ${quoted(flag.help)}`);
    return [`complete -c loadtui -l ${flag.name}${short}${value} -d ${quoted(flag.help)}`, ...aliases];
  });
  const after = (command: string, words: readonly string[]): string =>
    `complete -c loadtui -n '__fish_seen_subcommand_from ${command}' -xa ${quoted(words.join(' '))}`;
  return `${[
    `complete -c loadtui -n __fish_use_subcommand -a ${quoted(commandNames.join(' '))}`,
    after('presets', presetNames()),
    `complete -c loadtui -n '__fish_seen_subcommand_from report replay compare' -a last`,
    after('help', helpTopics),
    after('completion', shells),
    ...lines,
  ].join('\n')}\n`;
}

/** The script for a shell. An unknown shell throws. */
export function completionScript(shell: string | undefined): string {
  switch (shells.find((name) => name === shell)) {
    case 'bash':
      return bash();
    case 'zsh':
      return zsh();
    case 'fish':
      return fish();
    case undefined:
      throw usageError(
        shell === undefined ? 'for which shell?' : `there is no completion for "${shell}"`,
        didYouMean(shell ?? '', shells, 'loadtui completion bash, zsh or fish.'),
      );
  }
}

/** The import rule of ARCHITECTURE.md as a function of the source files, so that a test can feed it wrong ones too. */
import { posix } from 'node:path';

export interface SourceFile {
  /** From the project's folder, with slashes: `source/load/pacer.ts`. */
  readonly path: string;
  readonly text: string;
}

/**
 * Rooms that all may import: `config` for its types, `errors` for the errors that reach an operator, `protocol` for the
 * elements of Kafka's encoding and its error names, `lean-memory` for what each thread does about its heap.
 */
const openToAll = ['config', 'errors', 'protocol', 'lean-memory'];

/** Room → the rooms it may import, besides itself and `openToAll`. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  'lean-memory': [],
  config: [],
  protocol: [],
  measure: [],
  clients: [],
  sandbox: [],
  load: ['clients', 'measure'],
  cluster: ['clients', 'measure'],
  analysis: ['clients', 'measure'],
  session: ['load', 'cluster', 'analysis', 'clients', 'measure', 'sandbox'],
  ui: ['session', 'load', 'cluster', 'analysis', 'clients', 'measure'],
  output: ['session', 'load', 'cluster', 'analysis', 'clients', 'measure'],
  commands: ['ui', 'output', 'session', 'load', 'cluster', 'analysis', 'clients', 'measure', 'sandbox'],
  cli: ['commands', 'ui', 'output', 'session', 'load', 'cluster', 'analysis', 'clients', 'measure', 'sandbox'],
};

/** The only files that may name the command line's words. */
const argumentReaders = ['source/cli.ts'];

/** The room of a path: the folder below `source/`, or the file's own name without its extension. */
export function roomOf(path: string): string {
  const [, first = ''] = path.split('/');
  return first.replace(/\.tsx?$/, '');
}

/** What a file imports, statically, dynamically or as the file of a thread. */
export function importsOf(text: string): string[] {
  const patterns = [
    /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
    /^\s*import\s*['"]([^'"]+)['"]/gm,
    /\bimport\(\s*['"`]([^'"`$]+)/g,
    /\bnew URL\(\s*['"`](\.[^'"`$]+)/g,
  ];
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''));
}

/** Each breach of the rule as one line; empty where all is well. */
export function importFaults(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => [...roomFaults(file), ...screenFaults(file), ...argumentFaults(file)]);
}

function roomFaults({ path, text }: SourceFile): string[] {
  const room = roomOf(path);
  const allowed = mayImport[room];
  if (allowed === undefined) return [`${path}: no rule says what ${room} may import`];
  return importsOf(text)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.join(posix.dirname(path), specifier))
    .filter((target) => target.startsWith('source/'))
    .filter((target) => {
      const other = roomOf(target);
      return other !== room && !openToAll.includes(other) && !allowed.includes(other);
    })
    .map((target) => `${path}: ${room} must not import ${target}`);
}

function screenFaults({ path, text }: SourceFile): string[] {
  if (roomOf(path) === 'ui') return [];
  return importsOf(text)
    .filter((specifier) => /^(ink|react)([-/]|$)/.test(specifier))
    .map((specifier) => `${path}: only ui may import ${specifier}`);
}

function argumentFaults({ path, text }: SourceFile): string[] {
  if (argumentReaders.includes(path)) return [];
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
  const reads =
    /\bprocess\s*(\?\.|\.)\s*argv\b/.test(code) ||
    /\{[^}]*\bargv\b[^}]*\}\s*(from\s*'node:process'|=\s*process\b)/.test(code);
  return reads ? [`${path}: only ${argumentReaders.join(', ')} may read process.argv`] : [];
}

/** The presets that ship with loadtui: YAML files in `presets/`, read by the same code as plan files. */
import { readdirSync, readFileSync } from 'node:fs';
import { usageError } from '../errors.ts';
import { didYouMean } from './nearest-name.ts';

const folder = new URL('../../presets/', import.meta.url);

/** Names, in alphabetical order. */
export function presetNames(): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

/** A preset's text. An unknown name throws with the nearest known one. */
export function presetText(name: string): string {
  const names = presetNames();
  if (!names.includes(name)) {
    throw usageError(`there is no preset "${name}"`, didYouMean(name, names, `There are ${names.join(', ')}.`));
  }
  return readFileSync(new URL(`${name}.yaml`, folder), 'utf8');
}

/** A preset's first comment line: what it is for. */
export function presetSummary(name: string): string {
  return /^#\s*(.+)$/m.exec(presetText(name))?.[1] ?? '';
}

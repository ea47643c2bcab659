/** `loadtui presets [NAME]`. */
import { presetNames, presetSummary, presetText } from '../config/presets.ts';

/** The list of presets, or one preset's file. An unknown name throws. */
export function presetsText(name: string | undefined): string {
  if (name !== undefined) {
    return presetText(name);
  }
  const names = presetNames();
  const width = Math.max(...names.map((one) => one.length)) + 2;
  const lines = names.map((one) => `${one.padEnd(width)}${presetSummary(one)}`);
  return `${lines.join('\n')}\n\nloadtui --preset NAME runs one, loadtui presets NAME prints it.\n`;
}

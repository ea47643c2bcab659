/** The `--fault` flags of `loadtui sandbox`. */
import type { Options } from '../config/flags.ts';
import { readAt } from '../config/layers.ts';
import { parseFault } from '../sandbox/parse-fault.ts';
import type { Fault } from '../sandbox/types.ts';

export function readFaults(options: Options): readonly Fault[] {
  return options.all('fault').map(({ source, label, text }) => readAt({ source, label }, () => parseFault(text)));
}

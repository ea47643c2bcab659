/** `loadtui validate FILE…`: checks plan and properties files by the same code that runs them. */
import { emptyLayer } from '../config/layers.ts';
import { takeProperties } from '../config/properties.ts';
import { readBytes, resolvePlan } from '../config/resolve-plan.ts';
import { usageError } from '../errors.ts';

/** Checks one file and says what it is. Throws LoadtuiError with the place of the first fault. */
export function validateFile(path: string): string {
  if (path.endsWith('.properties')) {
    takeProperties(emptyLayer(), readBytes(path), path, 'config');
    return `${path}: a properties file, fine`;
  }
  const { warnings } = resolvePlan({ given: [], planPath: path, style: 'plain', task: 'by-plan' });
  return [`${path}: a plan, fine`, ...warnings.map((warning) => `${path}: warning: ${warning}`)].join('\n');
}

/** Checks all files; `report` hears of each, `refuse` of each fault. Answers whether all were fine. */
export function validateFiles(
  paths: readonly string[],
  report: (text: string) => void,
  refuse: (error: unknown) => void,
): boolean {
  if (paths.length === 0) {
    throw usageError('which files?', 'loadtui validate plan.yaml client.properties');
  }
  let fine = true;
  for (const path of paths) {
    try {
      report(validateFile(path));
    } catch (error) {
      fine = false;
      refuse(error);
    }
  }
  return fine;
}

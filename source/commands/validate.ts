/** `loadtui validate FILE…`: checks plan and properties files by the same code that runs them. */
import { connectionSecurity } from '../clients/wire/security.ts';
import { emptyLayer, type Layer } from '../config/layers.ts';
import { takeProperties } from '../config/properties.ts';
import { readBytes, resolvePlan } from '../config/resolve-plan.ts';
import { type GivenSecret, takeSecrets } from '../config/security/flags.ts';
import { PasswordMissing } from '../config/security/login.ts';
import { securityWarnings } from '../config/security/material.ts';
import { layersOf } from '../config/security/protocol.ts';
import { resolveSecurity } from '../config/security/resolve.ts';
import { SaidProperties, SecurityIncomplete } from '../config/security/said-properties.ts';
import { tlsOf } from '../config/security/tls.ts';
import { usageError } from '../errors.ts';

/** Checks one file and says what it is. `secrets`: of the environment. Throws LoadtuiError with the place of the first fault. */
export function validateFile(path: string, secrets: readonly GivenSecret[] = []): string {
  if (path.endsWith('.properties')) {
    const layer = emptyLayer();
    takeProperties(layer, readBytes(path), path, 'config');
    const warnings = securityOf(layer, secrets);
    return [`${path}: a properties file, fine`, ...warnings.map(warningOf(path))].join('\n');
  }
  const { warnings } = resolvePlan({ given: [], planPath: path, style: 'plain', task: 'by-plan' });
  return [`${path}: a plan, fine`, ...warnings.map(warningOf(path))].join('\n');
}

/** Reads what it names, too. What is missing may be said elsewhere: that is no fault of the file. */
function securityOf(said: Layer, secrets: readonly GivenSecret[]): readonly string[] {
  const layer = emptyLayer();
  takeSecrets(layer, secrets);
  const properties = new Map([...said.security, ...layer.security]);
  // TLS by itself, since the login may not be complete.
  const { tls } = layersOf(new SaidProperties(properties));
  if (tls) connectionSecurity({ tls: tlsOf(new SaidProperties(properties), readBytes), login: null });
  try {
    return securityWarnings(resolveSecurity(properties, readBytes));
  } catch (error) {
    if (error instanceof PasswordMissing) return [`${error.message}: it must be said when it is used`];
    if (error instanceof SecurityIncomplete) return [`${error.message} (it must be said when it is used)`];
    throw error;
  }
}

function warningOf(path: string): (warning: string) => string {
  return (warning) => `${path}: warning: ${warning}`;
}

/** Checks all files; `report` hears of each, `refuse` of each fault. Answers whether all were fine. */
export function validateFiles(
  paths: readonly string[],
  report: (text: string) => void,
  refuse: (error: unknown) => void,
  secrets: readonly GivenSecret[] = [],
): boolean {
  if (paths.length === 0) {
    throw usageError('which files?', 'loadtui validate plan.yaml client.properties');
  }
  let fine = true;
  for (const path of paths) {
    try {
      report(validateFile(path, secrets));
    } catch (error) {
      fine = false;
      refuse(error);
    }
  }
  return fine;
}

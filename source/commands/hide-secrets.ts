/** What others on this machine can see of a process: its title, which on Linux is its arguments, and its crash reports. */

import { secretVariables } from '../config/security/flags.ts';
import { secretsIn, withoutSecrets } from '../config/security/secret-names.ts';

/** To be called first of all. What is typed stands in the list of processes until then. */
export function hideSecrets(args: readonly string[]): void {
  // Reports are made only where somebody asked Node for them.
  process.report.excludeEnv = true;
  if (secretsIn(args).length === 0) return;
  process.title = ['loadtui', ...withoutSecrets(args)].join(' ');
  // They tell the command line as it was typed.
  process.report.reportOnFatalError = false;
  process.report.reportOnUncaughtException = false;
  process.report.reportOnSignal = false;
}

/**
 * Takes secrets out of the environment, once it has been read: programs that this one starts need none, and Node's reports show
 * it for each thread, whatever main has said about its own.
 */
export function forgetSecretVariables(environment: NodeJS.ProcessEnv): void {
  for (const variable of [...Object.keys(secretVariables), 'LOADTUI_PROPERTY']) {
    Reflect.deleteProperty(environment, variable);
  }
}

/** What would have kept a property's secret out of the shell's history. */
const instead: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(secretVariables).map(([variable, name]) => [name, variable])),
  'sasl.jaas.config': 'LOADTUI_SASL_PASSWORD',
  'ssl.keystore.key': '--tls-key FILE',
};

/** What to say to who has typed secrets; null: nobody has. */
export function typedSecretWarning(args: readonly string[]): string | null {
  const typed = [...new Set(secretsIn(args))].flatMap((name) => {
    const better = instead[name];
    return better === undefined ? [] : [{ name, better }];
  });
  if (typed.length === 0) return null;
  const names = typed.map(({ name }) => name).join(', ');
  const better = [...new Set(typed.map((one) => one.better)), '--config FILE'].join(' or ');
  return `${names}: the shell's history still has the secret that was typed; say it in ${better}`;
}

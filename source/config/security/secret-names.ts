/** What is never shown: which names hold secrets, and the words of a command line without them. */

const secretName = /password|passphrase|secret|jaas|token|authorization|keystore\.key$|^--sasl-user$/i;
/** It says where a secret lies. */
const placeName = /[-.](file|url|location)$/i;
/** https://user:password@host, or https://host/path?key=… */
const secretInAddress = /\/\/(?:[^/@\s]*:[^/@\s]*@|\S*\?.)/;
/** A login module whose options have none of these names needs no hiding. */
const secretInJaas = /password|secret|token/i;
const propertyFlags = ['-X', '--property', '--command-property'];

export const redacted = '(redacted)';

/** Whether a key, flag, header or property of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) && !placeName.test(name);
}

/** Whether this value of a property is a secret. */
export function isSecret(name: string, value: string): boolean {
  if (/jaas/i.test(name)) return secretInJaas.test(value);
  return isSecretName(name) || secretInAddress.test(value);
}

/** The words of a command line, with what is secret in them replaced. */
export function withoutSecrets(args: readonly string[]): readonly string[] {
  return args.map((arg, index) => lookAt(arg, args[index - 1] ?? '').shown);
}

/** The names under which a command line says secrets. */
export function secretsIn(args: readonly string[]): readonly string[] {
  return args.flatMap((arg, index) => lookAt(arg, args[index - 1] ?? '').secret ?? []);
}

interface Word {
  readonly shown: string;
  /** The name under which it is secret; null: it is none. */
  readonly secret: string | null;
}

function lookAt(arg: string, previous: string): Word {
  const isNamed = previous.startsWith('--') && !previous.includes('=') && isSecretName(previous);
  if (isNamed && !arg.startsWith('--')) return { shown: redacted, secret: previous };
  if (propertyFlags.includes(previous)) return property(arg, '');
  const inline = /^(?:--property=|--command-property=|-X=?)(?=.)/.exec(arg)?.[0];
  if (inline !== undefined) return property(arg.slice(inline.length), inline);
  return assignment(arg, '');
}

/** Written as it should be, or with another sign or a blank behind its name, which is refused and a secret all the same. */
function property(text: string, before: string): Word {
  const [, name = '', sign = ''] = /^\s*([^=:\s]*)(\s*[=:]|\s)/.exec(text) ?? [];
  const at = text.indexOf(name) + name.length + sign.length;
  return judged(name, text.slice(at), `${before}${text.slice(0, at)}`) ?? assignment(text, before);
}

/** `--header=x-token=…` has two names. */
function assignment(text: string, before: string): Word {
  const at = text.indexOf('=');
  if (at < 0) return { shown: `${before}${text}`, secret: null };
  const start = `${before}${text.slice(0, at + 1)}`;
  return judged(text.slice(0, at).trim(), text.slice(at + 1), start) ?? assignment(text.slice(at + 1), start);
}

function judged(name: string, value: string, start: string): Word | null {
  return value !== '' && isSecret(name, value) ? { shown: `${start}${redacted}`, secret: name } : null;
}

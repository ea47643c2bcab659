/** Keeps secrets out of documents: plan values and the command line pass through here before anything is written. */
import { isSecretName, redacted, withoutSecrets } from '../config/security/secret-names.ts';
import { shellQuote } from '../config/shell-quote.ts';

/**
 * A deep copy of JSON-like data in which values under secret keys, and values of `{ name, value }` pairs with a secret
 * name, are `(redacted)`. `key` is the name that `value` itself stands under.
 */
export function redact(value: unknown, key = ''): unknown {
  if (value !== null && isSecretName(key)) return redacted;
  if (Array.isArray(value)) return value.map((inner) => redact(inner));
  if (typeof value !== 'object' || value === null) return value;
  const name = 'name' in value && typeof value.name === 'string' ? value.name : '';
  return Object.fromEntries(
    Object.entries(value).map(([inner, content]) => [
      inner,
      redact(content, inner === 'value' ? `${inner} ${name}` : inner),
    ]),
  );
}

/** Arguments as one line that a shell reads back to the same arguments, secrets replaced. */
export function commandLineText(args: readonly string[]): string {
  return withoutSecrets(args).map(shellQuote).join(' ');
}

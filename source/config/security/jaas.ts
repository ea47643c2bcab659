/**
 * The value of `sasl.jaas.config`: one login module, as Java's JAAS files write it.
 *
 *   org.apache.kafka.common.security.plain.PlainLoginModule required username="alice" password="secret";
 *
 * Its text holds passwords: errors say what is wrong and where, and never what stands there.
 */
import { usageError } from '../../errors.ts';
import { isSecretName } from './secret-names.ts';

export const jaasName = 'sasl.jaas.config';

export interface JaasLogin {
  /** The class that logs in, e.g. "org.apache.kafka.common.security.scram.ScramLoginModule". */
  readonly module: string;
  readonly options: Readonly<Record<string, string>>;
}

const controlFlags = ['required', 'requisite', 'sufficient', 'optional'];
const example = 'Write: MODULE required name="value" …;  e.g. org.apache.kafka.common.security.plain.PlainLoginModule.';
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', b: '\b', v: '\v', a: '\x07' };

type Token =
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  | { readonly kind: 'sign'; readonly text: '=' | ';'; readonly at: number };

/** Throws a usage error that names the place, counted in characters from 1. */
export function parseJaas(text: string): JaasLogin {
  const tokens = tokensOf(text);
  let next = 0;
  const word = (what: string): string => {
    const token = tokens[next++];
    if (token?.kind === 'word') return token.text;
    throw wrong(`${what} is missing`, token?.at ?? text.length);
  };
  const module = word('the login module');
  const flag = word('the word "required"');
  if (!controlFlags.includes(flag.toLowerCase())) {
    throw wrong('after the login module stands no "required"', tokens[1]?.at ?? 0);
  }
  const options: Record<string, string> = {};
  while (tokens[next]?.kind === 'word') {
    const name = word('a name');
    const sign = tokens[next++];
    if (sign?.kind !== 'sign' || sign.text !== '=') throw wrong('a name has no "="', sign?.at ?? text.length);
    options[name] = word('a value');
  }
  const end = tokens[next];
  if (end?.kind !== 'sign' || end.text !== ';') throw wrong('there is no ";" at the end', end?.at ?? text.length);
  if (next + 1 < tokens.length) throw wrong('there is more than one login module', tokens[next + 1]?.at ?? 0);
  return { module, options };
}

/** The same as a text, which is read back to it. */
export function jaasText({ module, options }: JaasLogin): string {
  const written = Object.entries(options).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  return `${module} required${written.join('')};`;
}

/** A login as it may be shown: what is secret is left out of it. */
export function withoutJaasSecrets({ module, options }: JaasLogin): JaasLogin {
  return { module, options: Object.fromEntries(Object.entries(options).filter(([name]) => !isSecretName(name))) };
}

function escaped(text: string): string {
  return text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

function wrong(message: string, at: number): Error {
  return usageError(`${message}, at character ${at + 1}`, example);
}

/** Words, bare or quoted, and the two signs; comments as in Java. */
function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern =
    /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|([=;])|"((?:[^"\\\n]|\\[\s\S])*)"|'((?:[^'\\\n]|\\[\s\S])*)'|([^\s=;"']+)/gy;
  let at = 0;
  while (at < text.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) throw wrong('a quotation mark is not closed', at);
    const [whole, sign, double, single, bare] = match;
    const quoted = double ?? single;
    if (sign === '=' || sign === ';') tokens.push({ kind: 'sign', text: sign, at });
    else if (quoted !== undefined) tokens.push({ kind: 'word', text: unescaped(quoted), at });
    else if (bare !== undefined) tokens.push({ kind: 'word', text: bare, at });
    at += whole.length;
  }
  return tokens;
}

/** As Java's StreamTokenizer, which takes up to three octal digits for one character. */
function unescaped(text: string): string {
  return text.replace(/\\([0-3][0-7]{2}|[0-7]{1,2}|[\s\S])/g, (_, escaped: string) =>
    /^[0-7]/.test(escaped) ? String.fromCharCode(Number.parseInt(escaped, 8)) : (escapes[escaped] ?? escaped),
  );
}

import { didYouMean } from '../config/nearest-name.ts';
import { usageError } from '../errors.ts';
import { errorCodeOf, errorNames } from '../protocol/error-names.ts';
import { takesForcedError } from './handlers/table.ts';
import { apiKey } from './protocol/api-versions.ts';
import type { Fault } from './types.ts';

/** One way to write each kind of fault, for help and error messages. */
export const faultForms = {
  stall: 'stall:2s[,broker=1]',
  disconnect: 'disconnect[:broker=1]',
  refuse: 'refuse:5s[,broker=1]',
  'move-leader': 'move-leader:TOPIC/PARTITION,to=BROKER',
  throttle: 'throttle:200ms[,count=3]',
  error: 'error:NAME|CODE[,when=before-append|after-append][,count=3][,api=KEY]',
  'lost-ack': 'lost-ack[:3]',
  drop: 'drop[:3]',
  duplicate: 'duplicate[:3]',
  swap: 'swap[:3]',
  corrupt: 'corrupt[:3]',
} as const satisfies Record<Fault['kind'], string>;

const knownKinds = Object.keys(faultForms).join(', ');

/**
 * A fault as an operator writes it: `KIND[:VALUE][,NAME=VALUE…]`. Durations are `500us`, `200ms`, `2s`, `1m`; counts are of
 * batches and 1 where not said; `api` is the number of a request other than Produce. Throws LoadtuiError USAGE.
 */
export function parseFault(text: string): Fault {
  const { words, kind } = wordsOf(text, '');
  const fault = faultOf(kind, words);
  words.end();
  return fault;
}

/** A fault that waits for the load. */
export interface TimedFault {
  readonly fault: Fault;
  /** After the first record that a producer sent; null: from the start. */
  readonly afterMs: number | null;
}

/** As `parseFault`, with `after=10s` for one that is to meet a load and not the probes before it. */
export function parseTimedFault(text: string): TimedFault {
  const { words, kind } = wordsOf(text, '[,after=5s]');
  const afterMs = words.afterMs();
  const fault = faultOf(kind, words);
  words.end();
  return { fault, afterMs };
}

/** `more`: what may follow the form of any fault. */
function wordsOf(text: string, more: string): { readonly kind: Fault['kind']; readonly words: FaultWords } {
  const [kind = '', ...rest] = text.trim().split(':');
  // What needs no value may have names all the same: `drop,after=5s`.
  const [name = '', ...names] = kind.split(',');
  if (!isKind(name))
    throw usageError(
      `"${name}" is not a fault`,
      didYouMean(name, Object.keys(faultForms), `Known faults: ${knownKinds}.`),
    );
  return { kind: name, words: new FaultWords(text, `${faultForms[name]}${more}`, [...names, ...rest].join(',')) };
}

function isKind(kind: string): kind is Fault['kind'] {
  return Object.hasOwn(faultForms, kind);
}

function faultOf(kind: Fault['kind'], words: FaultWords): Fault {
  switch (kind) {
    case 'stall':
    case 'refuse':
      return { kind, durationMs: words.durationMs(), ...words.broker() };
    case 'disconnect':
      return { kind, ...words.broker() };
    case 'move-leader':
      return { kind, ...words.partition(), to: words.required('to') };
    case 'throttle':
      return { kind, throttleMs: words.durationMs(), count: words.count() };
    case 'error':
      return {
        kind,
        errorCode: words.errorCode(),
        when: words.when(),
        count: words.count(),
        ...words.api(),
      };
    case 'lost-ack':
    case 'drop':
    case 'duplicate':
    case 'swap':
    case 'corrupt':
      return { kind, count: words.countOrValue() };
  }
}

/** Code 0 is no error. */
const forcedErrors = errorNames.slice(1);

const durationUnitMs: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

/** The words after the kind; each is taken once, and what is left over is one too many. */
class FaultWords {
  readonly #text: string;
  readonly #form: string;
  readonly #named = new Map<string, string>();
  #value: string | null = null;

  /** `form`: how the fault is written, for error messages. */
  constructor(text: string, form: string, words: string) {
    this.#text = text;
    this.#form = form;
    for (const word of words.split(',').filter((each) => each !== '')) {
      const equals = word.indexOf('=');
      const name = equals < 0 ? null : word.slice(0, equals);
      if (name === null ? this.#value !== null : this.#named.has(name)) throw this.#wrong(`"${word}" is one too many`);
      if (name === null) this.#value = word;
      else this.#named.set(name, word.slice(equals + 1));
    }
  }

  durationMs(): number {
    return this.#duration(this.#take());
  }

  afterMs(): number | null {
    const text = this.#takeNamed('after');
    return text === null ? null : this.#duration(text);
  }

  #duration(text: string): number {
    const match = /^(\d+(?:\.\d+)?)(us|ms|s|m)$/.exec(text);
    const durationMs = Number(match?.[1]) * (durationUnitMs[match?.[2] ?? ''] ?? Number.NaN);
    if (!(durationMs > 0)) throw this.#wrong('a duration such as 200ms or 2s is needed');
    return durationMs;
  }

  partition(): { readonly topic: string; readonly partition: number } {
    const match = /^([^/]+)\/(\d+)$/.exec(this.#take());
    if (match?.[1] === undefined) throw this.#wrong('a partition such as orders/0 is needed');
    return { topic: match[1], partition: Number(match[2]) };
  }

  errorCode(): number {
    const text = this.#take();
    const code = errorCodeOf(text) ?? Number(text);
    if (/^[A-Z_]+$/i.test(text) && Number.isNaN(code)) {
      throw this.#wrong(`"${text}" is no error of Kafka`, didYouMean(text.toUpperCase(), forcedErrors, ''));
    }
    if (!Number.isInteger(code) || code === 0 || Math.abs(code) > 32_767) throw this.#wrong('an error code is needed');
    return code;
  }

  when(): 'before-append' | 'after-append' {
    const when = this.#takeNamed('when') ?? 'before-append';
    if (when === 'before-append' || when === 'after-append') return when;
    throw this.#wrong(`"${when}" is neither before-append nor after-append`);
  }

  count(): number {
    const text = this.#takeNamed('count');
    return text === null ? 1 : this.#positive(text);
  }

  countOrValue(): number {
    return this.#value === null ? this.count() : this.#positive(this.#take());
  }

  required(name: string): number {
    const text = this.#takeNamed(name);
    if (text === null) throw this.#wrong(`${name}= is needed`);
    return this.#positive(text);
  }

  broker(): { readonly brokerId?: number } {
    const text = this.#takeNamed('broker');
    return text === null ? {} : { brokerId: this.#positive(text) };
  }

  api(): { readonly apiKey?: number } {
    const text = this.#takeNamed('api');
    if (text === null) return {};
    const key = Number(text);
    if (text === '' || !takesForcedError(key)) {
      throw this.#wrong(`request ${text} cannot be answered with an error`, `Fetch is ${apiKey.fetch}.`);
    }
    return { apiKey: key };
  }

  end(): void {
    if (this.#value !== null) throw this.#wrong(`"${this.#value}" is one too many`);
    const [name] = this.#named.keys();
    if (name === undefined) return;
    const known = Array.from(this.#form.matchAll(/[a-z]+=/g), ([word]) => word);
    throw this.#wrong(`"${name}=" is one too many`, didYouMean(`${name}=`, known, ''));
  }

  #take(): string {
    const value = this.#value ?? '';
    this.#value = null;
    return value;
  }

  #takeNamed(name: string): string | null {
    const value = this.#named.get(name) ?? null;
    this.#named.delete(name);
    return value;
  }

  #positive(text: string): number {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value)) {
      throw this.#wrong(`"${text}" is not a whole number from 1 on`);
    }
    return value;
  }

  #wrong(what: string, hint = ''): Error {
    const form = `Write it as ${this.#form}.`;
    return usageError(`in the fault "${this.#text}" ${what}`, hint === '' ? form : `${form} ${hint}`);
  }
}

/** Security properties as they are asked for, each with who said it. Values may be secrets: no error tells one. */
import { LoadtuiError } from '../../errors.ts';
import { type Origin, type Said, strength, valueError } from '../layers.ts';

/** By property name: Kafka's, or one of loadtui's own. */
export type SecurityProperties = ReadonlyMap<string, Said>;

/** What secures a connection is not all said. A run cannot begin so; a file that is used with flags may. */
export class SecurityIncomplete extends LoadtuiError {}

export class SaidProperties {
  readonly #said: SecurityProperties;

  constructor(said: SecurityProperties) {
    this.#said = said;
  }

  has(name: string): boolean {
    return this.#said.has(name);
  }

  /** Trimmed; null: not said, or empty. */
  text(name: string): string | null {
    const value = this.#said.get(name)?.value.trim() ?? '';
    return value === '' ? null : value;
  }

  /** As it was said; null: not said. */
  secret(name: string): string | null {
    return this.#said.get(name)?.value ?? null;
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | null {
    const text = this.text(name);
    if (text === null) return null;
    const found = choices.find((choice) => choice.toUpperCase() === text.toUpperCase());
    if (found === undefined) throw this.wrong(name, `"${text}" is not one of ${choices.join(', ')}`);
    return found;
  }

  /** Of who said it; 0: nobody. */
  strength(name: string): number {
    return strength(this.#said.get(name)?.origin);
  }

  /** Whether it was typed with this run: variables may be meant for others. */
  isTyped(name: string): boolean {
    return this.#said.get(name)?.origin.source === 'flag';
  }

  /** Whether a flag of its own said it, or that flag's variable. */
  isByFlag(name: string): boolean {
    return this.#said.get(name)?.words !== undefined;
  }

  /**
   * Which of several names for one thing holds: the one that the strongest source said; null: nobody said any. Throws
   * where two of them are equally strong.
   */
  strongestOf<T extends string>(names: readonly T[]): T | null {
    const byStrength = names.filter((name) => this.has(name)).sort((a, b) => this.strength(b) - this.strength(a));
    const [first, second] = byStrength;
    if (first === undefined) return null;
    if (second !== undefined && this.strength(first) === this.strength(second)) {
      throw this.wrong(second, `${this.#labelOf(first)} says the same thing`, 'Keep one of them.');
    }
    return first;
  }

  wrong(name: string, message: string, next?: string): Error {
    return valueError(this.#originOf(name), message, next);
  }

  /** Something is missing that may be said elsewhere. */
  incomplete(name: string, message: string, next: string): Error {
    const { source, label, at } = this.#originOf(name);
    return new SecurityIncomplete(`${label}: ${message}`, {
      code: 'USAGE',
      fault: 'usage',
      next,
      ...(source === 'default' || at === undefined ? {} : { at }),
    });
  }

  /** Runs a reader; what is wrong with a file is told with who named it. */
  told<T>(name: string, read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw this.wrong(name, error instanceof Error ? error.message : String(error));
    }
  }

  /** What nobody has said is missing where the protocol is said. */
  #originOf(name: string): Origin {
    const said = this.#said.get(name)?.origin;
    if (said !== undefined) return said;
    const protocol = this.#said.get('security.protocol')?.origin;
    return protocol === undefined ? { source: 'default', label: name } : { ...protocol, label: name };
  }

  #labelOf(name: string): string {
    return this.#said.get(name)?.origin.label ?? name;
  }
}

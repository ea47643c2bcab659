/** Who has logged in on a connection, and until when. */
import { ScramServer, type ScramStep } from './scram-server.ts';

export const sandboxMechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const;
export type SandboxMechanism = (typeof sandboxMechanisms)[number];

/** Whom the sandbox lets in. */
export interface LoginRules {
  readonly mechanisms: readonly SandboxMechanism[];
  readonly users: Readonly<Record<string, string>>;
  /** Bearer tokens that are good. */
  readonly tokens: readonly string[];
  /** Kafka's connections.max.reauth.ms; 0: a login holds for as long as the connection. */
  readonly reauthenticateMs: number;
}

const bearer = 'auth=Bearer ';

export class ConnectionLogin {
  readonly #rules: LoginRules | null;
  readonly #now: () => number;
  #mechanism: SandboxMechanism | null = null;
  #scram: ScramServer | null = null;
  #untilMs: number;

  /** `rules` null: nobody logs in, and everybody may do everything. */
  constructor(rules: LoginRules | null, now: () => number) {
    this.#rules = rules;
    this.#now = now;
    this.#untilMs = rules === null ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  /** Whether requests besides those of a login are taken. */
  get isIn(): boolean {
    return this.#now() < this.#untilMs;
  }

  get mechanisms(): readonly string[] {
    return this.#rules?.mechanisms ?? [];
  }

  /** False: the mechanism is not offered. */
  begin(name: string): boolean {
    const mechanism = this.#rules?.mechanisms.find((one) => one === name);
    if (mechanism === undefined) return false;
    this.#mechanism = mechanism;
    this.#scram = null;
    return true;
  }

  /** The answer to a message of the login, and how long it holds from now on, ms (0: no end); null: it is refused. */
  take(message: Buffer): { readonly answer: Buffer; readonly lifetimeMs: number } | null {
    const step = this.#step(message);
    if (step === null || this.#rules === null) {
      this.#mechanism = null;
      return null;
    }
    if (!step.done) return { answer: step.answer, lifetimeMs: 0 };
    const { reauthenticateMs } = this.#rules;
    this.#untilMs = reauthenticateMs === 0 ? Number.POSITIVE_INFINITY : this.#now() + reauthenticateMs;
    this.#mechanism = null;
    return { answer: step.answer, lifetimeMs: reauthenticateMs };
  }

  #step(message: Buffer): ScramStep {
    const rules = this.#rules;
    if (rules === null) return null;
    const passwordOf = (user: string): string | undefined =>
      Object.hasOwn(rules.users, user) ? rules.users[user] : undefined;
    const letIn = (isGood: boolean): ScramStep => (isGood ? { answer: Buffer.alloc(0), done: true } : null);
    switch (this.#mechanism) {
      case null:
        return null;
      case 'PLAIN': {
        const [, user = '', password = ''] = message.toString('utf8').split('\0');
        return letIn(passwordOf(user) === password);
      }
      case 'SCRAM-SHA-256':
      case 'SCRAM-SHA-512':
        this.#scram ??= new ScramServer(this.#mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512', passwordOf);
        return this.#scram.step(message);
      case 'OAUTHBEARER': {
        const fields = message.toString('utf8').split(String.fromCharCode(1));
        const token = fields.find((field) => field.startsWith(bearer))?.slice(bearer.length);
        return letIn(token !== undefined && rules.tokens.includes(token));
      }
    }
  }
}

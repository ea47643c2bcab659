/**
 * What secures the connections of a run: certificates, keys and logins, read and ready. It holds secrets, so that it stands
 * beside the plan and not in it: it is told to threads, and never shown, written or logged.
 */

export const securityProtocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
export type SecurityProtocol = (typeof securityProtocols)[number];
export const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const;
export type Mechanism = (typeof mechanisms)[number];

/** Certificates and keys in PEM, with what opens the key. */
export interface TlsMaterial {
  /** PEM; null: those that Node trusts. */
  readonly ca: readonly string[] | null;
  readonly certificateChain: string | null;
  readonly key: string | null;
  readonly keyPassword: string | null;
  /** false: whoever answers is believed. */
  readonly verifies: boolean;
  /** The certificate must be of this name; null: of the host that is connected to; '': of any. */
  readonly serverName: string | null;
  /** "TLSv1.2" … */
  readonly leastVersion: 'TLSv1.2' | 'TLSv1.3' | null;
  readonly mostVersion: 'TLSv1.2' | 'TLSv1.3' | null;
  /** OpenSSL's names, colons between; null: Node's. */
  readonly ciphers: string | null;
}

export type LoginMaterial =
  | { readonly mechanism: 'PLAIN'; readonly username: string; readonly password: string }
  | { readonly mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-512'; readonly username: string; readonly password: string }
  | {
      readonly mechanism: 'OAUTHBEARER';
      readonly token: TokenSource;
      readonly extensions: Readonly<Record<string, string>>;
    };

/** Plain data: it is told to threads. Both null: plain text, and no login. */
export interface SecurityMaterial {
  readonly tls: TlsMaterial | null;
  readonly login: LoginMaterial | null;
}

export const plaintext: SecurityMaterial = { tls: null, login: null };

/** Where bearer tokens come from. */
export type TokenSource =
  | { readonly kind: 'text'; readonly token: string }
  /** Read anew for each login. */
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'client-credentials';
      readonly url: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope: string | null;
      /** Client and secret are sent in the encoding of URLs, as RFC 6749 has it and Java's client has not. */
      readonly urlEncodes: boolean;
    };

/** What may be shown and written of it. */
export interface SecurityFacts {
  readonly protocol: SecurityProtocol;
  /** Whose certificate the broker must show: `full`: one of its name; `chain`: any that the CA signed; `none`: any. null: no TLS. */
  readonly verify: 'full' | 'chain' | 'none' | null;
  readonly clientCertificate: boolean;
  /** null: nobody logs in. */
  readonly mechanism: Mechanism | null;
  /** null: nobody, or a token says who. */
  readonly username: string | null;
}

export function securityFacts({ tls, login }: SecurityMaterial): SecurityFacts {
  const protocol =
    tls === null ? (login === null ? 'PLAINTEXT' : 'SASL_PLAINTEXT') : login === null ? 'SSL' : 'SASL_SSL';
  return {
    protocol,
    verify: tls === null ? null : !tls.verifies ? 'none' : tls.serverName === '' ? 'chain' : 'full',
    clientCertificate: tls !== null && tls.certificateChain !== null,
    mechanism: login?.mechanism ?? null,
    username: login === null || login.mechanism === 'OAUTHBEARER' ? null : login.username,
  };
}

/** What whoever set it up may not have meant. */
export function securityWarnings({ tls, login }: SecurityMaterial): readonly string[] {
  const warnings: string[] = [];
  if (tls !== null && !tls.verifies)
    warnings.push('certificates are not verified: whoever answers is taken for the broker');
  if (tls === null && login?.mechanism === 'PLAIN') warnings.push('the password travels as it is: PLAIN without TLS');
  if (tls === null && login?.mechanism === 'OAUTHBEARER') warnings.push('the token travels as it is: there is no TLS');
  if (login?.mechanism === 'OAUTHBEARER' && login.token.kind === 'client-credentials') {
    const { protocol, origin } = new URL(login.token.url);
    if (protocol === 'http:') warnings.push(`the client's secret travels as it is: ${origin} is asked without TLS`);
  }
  return warnings;
}

/** How connections are secured: what a thread makes, once for all of its own, of what it was told. */
import { createSecureContext, type SecureContext } from 'node:tls';
import type { LoginMaterial, SecurityMaterial, TlsMaterial } from '../../config/security/material.ts';
import { type LoadtuiError, messageOf, usageError } from '../../errors.ts';
import type { SaslExchange } from './sasl/mechanism.ts';
import { oauthBearerExchange } from './sasl/oauth-bearer.ts';
import { tokens } from './sasl/oauth-token.ts';
import { plainExchange } from './sasl/plain.ts';
import { ScramLogins } from './sasl/scram.ts';

export interface TlsSecurity {
  readonly context: SecureContext;
  /** Whether a broker that asks who we are is shown a certificate. */
  readonly hasCertificate: boolean;
  readonly verifies: boolean;
  readonly serverName: string | null;
}

/** Shared by all connections of a thread. */
export interface ConnectionSecurity {
  readonly tls: TlsSecurity | null;
  /** Begins a login; null: nobody logs in. */
  readonly login: (() => SaslExchange) | null;
}

/** Who asks: the name that brokers log, and how its connections are secured. */
export interface Caller {
  readonly clientId: string;
  readonly security: ConnectionSecurity;
}

export const unsecured: ConnectionSecurity = { tls: null, login: null };

/** Throws a usage error where a certificate or key cannot be read. */
export function connectionSecurity({ tls, login }: SecurityMaterial): ConnectionSecurity {
  return { tls: tls === null ? null : tlsSecurity(tls), login: login === null ? null : loginsOf(login) };
}

function tlsSecurity(material: TlsMaterial): TlsSecurity {
  const { ca, certificateChain, key, keyPassword, leastVersion, mostVersion, ciphers, verifies, serverName } = material;
  try {
    const context = createSecureContext({
      ...(ca === null ? {} : { ca: [...ca] }),
      ...(certificateChain === null ? {} : { cert: certificateChain }),
      ...(key === null ? {} : { key }),
      ...(keyPassword === null ? {} : { passphrase: keyPassword }),
      ...(leastVersion === null ? {} : { minVersion: leastVersion }),
      ...(mostVersion === null ? {} : { maxVersion: mostVersion }),
      ...(ciphers === null ? {} : { ciphers }),
    });
    return { context, hasCertificate: certificateChain !== null, verifies, serverName };
  } catch (error) {
    throw tlsRefusal(messageOf(error), keyPassword !== null);
  }
}

/** What OpenSSL says of certificates, keys and ciphers, in words of those who wrote them down. */
function tlsRefusal(message: string, hasPassword: boolean): LoadtuiError {
  if (/bad decrypt|cancelled|bad password read/.test(message)) {
    const what = hasPassword ? 'the password of the TLS key is another one' : 'the TLS key wants a password';
    return usageError(what, 'Say it in LOADTUI_TLS_KEY_PASSWORD, or in ssl.key.password.');
  }
  if (/key values mismatch/.test(message)) {
    return usageError('the TLS key is not that of the certificate', 'Name the two that belong together.');
  }
  return usageError(`TLS cannot be set up: ${message}`, 'Check the files of certificates and keys, and the ciphers.');
}

function loginsOf(login: LoginMaterial): () => SaslExchange {
  switch (login.mechanism) {
    case 'PLAIN':
      return () => plainExchange(login.username, login.password);
    case 'SCRAM-SHA-256':
    case 'SCRAM-SHA-512': {
      const hash = login.mechanism === 'SCRAM-SHA-256' ? 'SHA-256' : 'SHA-512';
      const logins = new ScramLogins(hash, login.username, login.password);
      return () => logins.begin();
    }
    case 'OAUTHBEARER': {
      const token = tokens(login.token);
      return () => oauthBearerExchange(token, login.extensions);
    }
  }
}

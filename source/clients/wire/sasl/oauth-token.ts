/** Where bearer tokens come from: a text, a file that somebody keeps fresh, or an OIDC server (client credentials, RFC 6749). */
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { TokenSource } from '../../../config/security/material.ts';
import { shownUrl } from '../../../config/security/shown-url.ts';

type ClientCredentials = Extract<TokenSource, { kind: 'client-credentials' }>;

const patienceMs = 10_000;
const retryAfterMs = 500;
/** A token is used up to this share of its life. */
const usedUpTo = 0.8;

/** A function that gives a token which is still good. Rejects with why there is none, never with the token or a secret. */
export function tokens(source: TokenSource): () => Promise<string> {
  switch (source.kind) {
    case 'text':
      return () => Promise.resolve(source.token);
    case 'file':
      return async () => (await readFile(source.path, 'utf8')).trim();
    case 'client-credentials':
      return fetched(source);
  }
}

function fetched(source: ClientCredentials): () => Promise<string> {
  let token = '';
  let goodUntilMs = 0;
  let underWay: Promise<string> | null = null;
  const renew = async (): Promise<string> => {
    const answer = await ask(source);
    token = answer.token;
    goodUntilMs = performance.now() + answer.lifeMs * usedUpTo;
    return token;
  };
  return () => {
    if (performance.now() < goodUntilMs) return Promise.resolve(token);
    // Connections that open together ask once.
    underWay ??= renew().finally(() => {
      underWay = null;
    });
    return underWay;
  };
}

async function ask(source: ClientCredentials): Promise<{ readonly token: string; readonly lifeMs: number }> {
  const endMs = performance.now() + patienceMs;
  for (;;) {
    const response = await askOnce(source, Math.max(1, Math.ceil(endMs - performance.now())));
    // What is no JSON is not quoted, as its error would: it may be a token.
    if (response.ok) return readToken(await response.json().catch(() => null), shownUrl(source.url));
    const isPassing = response.status >= 500 || response.status === 429;
    if (!isPassing || performance.now() + retryAfterMs > endMs) {
      throw new Error(`the token server at ${shownUrl(source.url)} answers ${response.status} ${response.statusText}`);
    }
    await delay(retryAfterMs);
  }
}

async function askOnce(
  { url, clientId, clientSecret, scope, urlEncodes }: ClientCredentials,
  timeoutMs: number,
): Promise<Response> {
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope === null ? {} : { scope }) });
  const encoded = (text: string): string => (urlEncodes ? encodeURIComponent(text) : text);
  const credentials = Buffer.from(`${encoded(clientId)}:${encoded(clientSecret)}`);
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials.toString('base64')}`, accept: 'application/json' },
      body: form,
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (cause) {
    const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : 'no answer';
    throw new Error(`the token server at ${shownUrl(url)} cannot be reached: ${why}`, { cause });
  }
}

function readToken(answer: unknown, url: string): { readonly token: string; readonly lifeMs: number } {
  const fields =
    typeof answer === 'object' && answer !== null ? new Map(Object.entries(answer)) : new Map<string, unknown>();
  const token = fields.get('access_token');
  const seconds = Number(fields.get('expires_in'));
  if (typeof token !== 'string' || token === '') throw new Error(`the token server at ${url} gives no access_token`);
  return { token, lifeMs: Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0 };
}

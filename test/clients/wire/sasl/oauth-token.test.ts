import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { tokens } from '../../../../source/clients/wire/sasl/oauth-token.ts';
import type { TokenSource } from '../../../../source/config/security/material.ts';

let server: Server | null = null;
afterEach(() => {
  server?.close();
  server = null;
});

interface Asked {
  readonly authorization: string | undefined;
  readonly form: string;
}

/** A token server that answers as it is told, the last answer again and again. */
async function serve(answers: readonly (readonly [status: number, body: object])[]) {
  const asked: Asked[] = [];
  const started = createServer(async (request: IncomingMessage, response) => {
    let form = '';
    for await (const chunk of request) form += String(chunk);
    const [status, body] = answers[Math.min(asked.length, answers.length - 1)] ?? [500, {}];
    asked.push({ authorization: request.headers.authorization, form });
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const { port }: AddressInfo = Object(started.address());
  const source = (changes: Partial<Extract<TokenSource, { kind: 'client-credentials' }>> = {}): TokenSource => ({
    kind: 'client-credentials',
    url: `http://127.0.0.1:${port}/token`,
    clientId: 'me:1',
    clientSecret: 'p/w',
    scope: null,
    urlEncodes: false,
    ...changes,
  });
  return { asked, source };
}

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('a token server', () => {
  it('is asked with the credentials of the client, once for as long as the token is good', async () => {
    const { asked, source } = await serve([[200, { access_token: 'abc', expires_in: 600 }]]);
    const token = tokens(source({ scope: 'kafka' }));
    expect(await Promise.all([token(), token()])).toEqual(['abc', 'abc']);
    expect(await token()).toBe('abc');
    expect(asked).toEqual([{ authorization: basic('me:1:p/w'), form: 'grant_type=client_credentials&scope=kafka' }]);
  });

  it('gets them in the encoding of URLs where that is said', async () => {
    const { asked, source } = await serve([[200, { access_token: 'abc' }]]);
    await tokens(source({ urlEncodes: true }))();
    expect(asked[0]?.authorization).toBe(basic('me%3A1:p%2Fw'));
  });

  it('is asked anew once the token has run out', async () => {
    const { asked, source } = await serve([
      [200, { access_token: 'one', expires_in: 0 }],
      [200, { access_token: 'two', expires_in: 600 }],
    ]);
    const token = tokens(source());
    expect([await token(), await token(), await token()]).toEqual(['one', 'two', 'two']);
    expect(asked).toHaveLength(2);
  });

  it('is asked again where it is busy', async () => {
    const { asked, source } = await serve([
      [503, {}],
      [200, { access_token: 'abc' }],
    ]);
    expect(await tokens(source())()).toBe('abc');
    expect(asked).toHaveLength(2);
  });

  it.each<readonly [number, object, string]>([
    [401, { error: 'invalid_client' }, 'answers 401 Unauthorized'],
    [200, { token: 'abc' }, 'gives no access_token'],
  ])('that answers %d %j gives none, and the secret is not told', async (status, body, message) => {
    const { source } = await serve([[status, body]]);
    const failure = await tokens(source())().catch(String);
    expect(failure).toContain(message);
    expect(failure).not.toContain('p/w');
  });

  it('that is not there is named', async () => {
    const source = {
      kind: 'client-credentials',
      url: 'http://127.0.0.1:1/token',
      clientId: 'a',
      clientSecret: 'b',
    } as const;
    await expect(tokens({ ...source, scope: null, urlEncodes: false })()).rejects.toThrow(
      'the token server at http://127.0.0.1:1/token cannot be reached',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { oauthBearerExchange } from '../../../../source/clients/wire/sasl/oauth-bearer.ts';
import { plainExchange } from '../../../../source/clients/wire/sasl/plain.ts';
import { ScramLogins } from '../../../../source/clients/wire/sasl/scram.ts';

describe('PLAIN', () => {
  it('is user and password between zeros', () => {
    const exchange = plainExchange('alice', 'pässword');
    expect(exchange.first().toString()).toBe('\0alice\0pässword');
    expect(exchange.next(Buffer.alloc(0))).toBeNull();
  });
});

describe('SCRAM', () => {
  // The example of RFC 7677.
  const nonce = 'rOprNGfwEbeRWgbNEkqO';
  const serverFirst = 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096';
  const serverFinal = 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=';
  const begun = (password = 'pencil') => {
    const exchange = new ScramLogins('SHA-256', 'user', password).begin(nonce);
    return { exchange, first: exchange.first().toString() };
  };

  it('is the exchange of the RFC', () => {
    const { exchange, first } = begun();
    expect(exchange.mechanism).toBe('SCRAM-SHA-256');
    expect(first).toBe('n,,n=user,r=rOprNGfwEbeRWgbNEkqO');
    expect(exchange.next(Buffer.from(serverFirst))?.toString()).toBe(
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    );
    expect(exchange.next(Buffer.from(serverFinal))).toBeNull();
  });

  it('escapes what stands between attributes', () => {
    expect(new ScramLogins('SHA-512', 'a=b,c', 'x').begin('n').first().toString()).toBe('n,,n=a=3Db=2Cc,r=n');
  });

  it.each([
    ['a nonce of somebody else', 'r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096', 'nonce'],
    ['our nonce alone', `r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`, 'nonce'],
    ['too few iterations', `r=${nonce}x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1`, '1 iterations'],
    ['a refusal', 'e=invalid-proof', 'invalid-proof'],
    ['no SCRAM at all', 'hello', 'nonce'],
  ])('refuses %s', (_what, answer, message) => {
    const { exchange } = begun();
    expect(() => exchange.next(Buffer.from(answer))).toThrow(message);
  });

  it('wants proof from the broker', () => {
    const { exchange } = begun('pen');
    exchange.next(Buffer.from(serverFirst));
    expect(() => exchange.next(Buffer.from(serverFinal))).toThrow('cannot be trusted');
  });
});

describe('OAUTHBEARER', () => {
  it('hands the token over, with what else is wanted', async () => {
    const exchange = oauthBearerExchange(() => Promise.resolve('ab.cd.ef'), { logicalCluster: 'lkc-1' });
    expect((await exchange.first()).toString()).toBe('n,,\x01auth=Bearer ab.cd.ef\x01logicalCluster=lkc-1\x01\x01');
    expect(exchange.next(Buffer.alloc(0))).toBeNull();
  });

  it('says why a token is refused', () => {
    const exchange = oauthBearerExchange(() => Promise.resolve('x'));
    expect(() => exchange.next(Buffer.from('{"status":"invalid_token"}'))).toThrow('invalid_token');
  });
});

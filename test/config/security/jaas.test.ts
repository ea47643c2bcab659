import { describe, expect, it } from 'vitest';
import { jaasText, parseJaas, withoutJaasSecrets } from '../../../source/config/security/jaas.ts';

const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule';

describe('sasl.jaas.config', () => {
  it.each<[string, string, Record<string, string>]>([
    [
      'as most write it',
      `${plain} required username="alice" password="alice-secret";`,
      { username: 'alice', password: 'alice-secret' },
    ],
    ['over several lines', `${plain} required\n  username="a"\n  password="b" ;`, { username: 'a', password: 'b' }],
    ['bare words', `${plain} required username=a password=b;`, { username: 'a', password: 'b' }],
    ['single quotes', `${plain} required username='a b' password='"';`, { username: 'a b', password: '"' }],
    ['escapes', `${plain} required password="a\\"b\\\\c\\n";`, { password: 'a"b\\c\n' }],
    ['octal escapes', `${plain} required password="a\\101\\71\\418\\q";`, { password: 'aA9!8q' }],
    ['signs in quotes', `${plain} required password="a=b;c";`, { password: 'a=b;c' }],
    ['comments', `${plain} /* who */ required // here\n username="a"; `, { username: 'a' }],
    ['no options', `${plain} REQUIRED;`, {}],
    ['no blanks', `${plain} required username="a"password="b";`, { username: 'a', password: 'b' }],
  ])('%s', (_what, text, options) => {
    expect(parseJaas(text)).toEqual({ module: plain, options });
  });

  it.each([
    ['no end', `${plain} required password="hush"`, 'there is no ";" at the end, at character 81'],
    ['an open quotation', `${plain} required password="hush;`, 'a quotation mark is not closed'],
    ['no flag', `${plain} password="hush";`, 'no "required"'],
    ['two modules', `${plain} required; ${plain} required password="hush";`, 'more than one login module'],
    ['a value without a name', `${plain} required "hush";`, 'a name has no "="'],
    ['nothing', '', 'the login module is missing, at character 1'],
  ])('%s is refused, and no secret is told', (_what, text, message) => {
    expect(() => parseJaas(text)).toThrow(message);
    expect(() => parseJaas(text)).not.toThrow('hush');
  });
});

describe('a login that is written', () => {
  it.each<[string, Record<string, string>]>([
    ['no options', {}],
    ['a password', { username: 'alice', password: 'alice-secret' }],
    ['signs', { username: 'a"b\\c', password: "=;' //\n\r/*" }],
  ])('is read back: %s', (_what, options) => {
    expect(parseJaas(jaasText({ module: plain, options }))).toEqual({ module: plain, options });
  });

  it('has no secret where it is shown', () => {
    const options = { username: 'a', password: 'b', clientId: 'c', clientSecret: 'd', extension_e: 'f' };
    expect(jaasText(withoutJaasSecrets({ module: plain, options }))).toBe(
      `${plain} required username="a" clientId="c" extension_e="f";`,
    );
  });
});

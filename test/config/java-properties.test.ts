import { describe, expect, it } from 'vitest';
import { javaPropertyLine, parseJavaProperties } from '../../source/config/java-properties.ts';

function parsed(text: string): [string, string][] {
  const bytes = Buffer.from(text, 'latin1');
  return parseJavaProperties(bytes, 'client.properties').map(({ name, value }) => [name, value]);
}

/** What java.util.Properties makes of each (tried with Java 17). */
describe('a file of Java properties', () => {
  it.each<[string, string, [string, string][]]>([
    ['equals', 'a=b', [['a', 'b']]],
    ['colon', 'a:b', [['a', 'b']]],
    ['blank', 'a b', [['a', 'b']]],
    ['blanks around the separator', ' a\t =  b c ', [['a', 'b c ']]],
    ['only one separator is skipped', 'a==b', [['a', '=b']]],
    ['a colon after an equals sign stays', 'a = :b', [['a', ':b']]],
    ['a form feed is blank', '\fa\f=\fb', [['a', 'b']]],
    ['no other space is', 'a=\u00a0b', [['a', '\u00a0b']]],
    ['no value', 'a', [['a', '']]],
    ['no name', '=b', [['', 'b']]],
    ['comments', '#a=b\n  !c=d\ne=f', [['e', 'f']]],
    ['no comment behind a value', 'a=b # c', [['a', 'b # c']]],
    [
      'line ends',
      'a=1\r\nb=2\rc=3\n\nd=4',
      [
        ['a', '1'],
        ['b', '2'],
        ['c', '3'],
        ['d', '4'],
      ],
    ],
    ['a continued line', 'a=b\\\n   c', [['a', 'bc']]],
    ['a continued name', 'a\\\n  b=c', [['ab', 'c']]],
    [
      'two backslashes are one',
      'a=b\\\\\nc=d',
      [
        ['a', 'b\\'],
        ['c', 'd'],
      ],
    ],
    ['a comment that continues a line is none', 'a=b\\\n#c', [['a', 'b#c']]],
    ['a comment is not continued', '#a\\\nb=c', [['b', 'c']]],
    ['a backslash at the very end is dropped', 'a=b\\', [['a', 'b']]],
    ['escaped separators', 'a\\=b\\:c\\ d=e', [['a=b:c d', 'e']]],
    ['escapes', 'a=\\t\\n\\r\\f\\x\\"', [['a', '\t\n\r\fx"']]],
    ['unicode', 'a=\\u00e4\\u20AC', [['a', 'ä€']]],
    ['bytes are Latin-1', 'a=\u00e4', [['a', 'ä']]],
    [
      'said twice: both',
      'a=1\na=2',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
  ])('%s', (_what, text, properties) => {
    expect(parsed(text)).toEqual(properties);
  });

  it('says where', () => {
    const [, second] = parseJavaProperties(Buffer.from('# a\n\na=b\\\n c\n   d = e'), 'f');
    expect(second).toMatchObject({ name: 'd', line: 5, column: 4 });
    expect(() => parseJavaProperties(Buffer.from('\n  a=\\u12x4'), 'f')).toThrow(
      expect.objectContaining({ at: { file: 'f', line: 2, column: 3 } }),
    );
  });
});

describe('a line that is written', () => {
  it('is no harder to read than it must be', () => {
    expect(javaPropertyLine('ssl.truststore.location', '/tmp/a b:c=d#/ca.pem')).toBe(
      'ssl.truststore.location=/tmp/a b:c=d#/ca.pem\n',
    );
  });

  it.each([[''], [' a '], ['=b'], [':b'], ['C:\\temp\\'], ['a\tb\nc\rd\fe'], ['ä€\u{1f600}'], ['# a'], ['a\\u0041']])(
    'is read back: %j',
    (value) => {
      expect(parsed(javaPropertyLine('a.b', value))).toEqual([['a.b', value]]);
    },
  );
});

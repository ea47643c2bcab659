import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseJavaProperties } from '../../source/config/java-properties.ts';
import { propertyFates } from '../../source/config/property-fates.ts';
import { runCommand } from '../support/run-command.ts';
import { kafkaAvailable, kafkaClassPath } from './harness/jars.ts';

const files = [
  'a=b\nc:d\ne f\n  g  =  h  \ni\nj=\n=k\n',
  '# comment\n! comment \\\nl=1\nm=a\\\n   b\\\n#c\n\nn=x\\\\\no=y',
  'p\\=q=1\nr\\:s\\ t u\nv=\\u0041\\u00e9\\n\\t\\q\\\\\nw=a\\u20acb',
  'x=1\r\ny=2\rz=3\\\r\n  4\nx=5\n',
  'é=ü\n\\u00e4=1\n\fa\t:\tb\na\\\n=b',
  'end=of file\\',
  'value=  # no comment\nblank= \\ kept\ntail=x  ',
];

/** Java's own word, in one go: the names that Kafka's clients know, and what its Properties make of each file, in hex. */
const program = `
import java.nio.file.*;
import java.util.*;

public class Ask {
  static String hex(String text) throws Exception { return HexFormat.of().formatHex(text.getBytes("UTF-16BE")); }

  public static void main(String[] paths) throws Exception {
    TreeSet<String> names = new TreeSet<>(org.apache.kafka.clients.producer.ProducerConfig.configNames());
    names.addAll(org.apache.kafka.clients.consumer.ConsumerConfig.configNames());
    names.addAll(org.apache.kafka.clients.admin.AdminClientConfig.configNames());
    System.out.println(String.join(" ", names));
    for (String path : paths) {
      Properties read = new Properties();
      try (var in = Files.newInputStream(Path.of(path))) { read.load(in); }
      StringJoiner row = new StringJoiner(" ");
      for (String name : new TreeSet<>(read.stringPropertyNames())) row.add(hex(name) + "=" + hex(read.getProperty(name)));
      System.out.println(row);
    }
  }
}
`;

let folder: string;
let names: readonly string[];
let rows: readonly string[];
beforeAll(async () => {
  if (!kafkaAvailable()) return;
  folder = await mkdtemp(join(tmpdir(), 'loadtui-java-'));
  const source = join(folder, 'Ask.java');
  await writeFile(source, program);
  const paths = files.map((_, index) => join(folder, `${index}.properties`));
  for (const [index, text] of files.entries()) await writeFile(paths[index] ?? '', Buffer.from(text, 'latin1'));
  const { exitCode, stdout, stderr } = await runCommand('java', ['-cp', await kafkaClassPath(), source, ...paths]);
  expect(exitCode, stderr).toBe(0);
  const [first = '', ...rest] = stdout.split('\n');
  names = first.split(' ');
  rows = rest;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.runIf(kafkaAvailable())("Kafka's properties", () => {
  it('have a fate each, and none has one that Kafka does not know', () => {
    const open = names.filter((name) => !name.startsWith('internal.'));
    // Of a client for share groups, and of clients before 4.0, whose files are still about.
    const others = ['auto.include.jmx.reporter', 'share.acknowledgement.mode', 'share.acquire.mode'];
    expect([...new Set([...open, ...others])].sort()).toEqual([...propertyFates.keys()]);
  });
});

describe.runIf(kafkaAvailable())('a properties file', () => {
  it.each(files.map((text, index) => ({ text, index })))('is read as Java reads it: $text', ({ text, index }) => {
    const properties = parseJavaProperties(Buffer.from(text, 'latin1'), 'f');
    const read = new Map(properties.map(({ name, value }) => [name, value]));
    const hex = (word: string): string => Buffer.from(word, 'utf16le').swap16().toString('hex');
    const pairs = [...read].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${hex(name)}=${hex(value)}`);
    expect(pairs.join(' ')).toBe(rows[index]);
  });
});

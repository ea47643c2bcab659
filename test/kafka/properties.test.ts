import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseJavaProperties } from '../../source/config/java-properties.ts';
import { propertyFates } from '../../source/config/property-fates.ts';
import { runCommand } from '../support/run-command.ts';
import { kafkaAvailable, kafkaClassPath } from './harness/jars.ts';

/** Java's own word: the names that Kafka's clients know, and what its Properties make of a file. */
const program = `
import java.nio.file.*;
import java.util.*;

public class Ask {
  public static void main(String[] words) throws Exception {
    if (words[0].equals("names")) {
      TreeSet<String> names = new TreeSet<>(org.apache.kafka.clients.producer.ProducerConfig.configNames());
      names.addAll(org.apache.kafka.clients.consumer.ConsumerConfig.configNames());
      names.addAll(org.apache.kafka.clients.admin.AdminClientConfig.configNames());
      names.forEach(System.out::println);
    } else {
      Properties read = new Properties();
      try (var in = Files.newInputStream(Path.of(words[1]))) { read.load(in); }
      var hex = HexFormat.of();
      for (String name : new TreeSet<>(read.stringPropertyNames()))
        System.out.println(hex.formatHex(name.getBytes("UTF-16BE")) + " " + hex.formatHex(read.getProperty(name).getBytes("UTF-16BE")));
    }
  }
}
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadtui-java-'));
  await writeFile(join(folder, 'Ask.java'), program);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function ask(...words: string[]): Promise<readonly string[]> {
  const line = ['-cp', await kafkaClassPath(), join(folder, 'Ask.java'), ...words];
  const { exitCode, stdout, stderr } = await runCommand('java', line);
  expect(exitCode, stderr).toBe(0);
  return stdout.split('\n').filter((row) => row !== '');
}

describe.runIf(kafkaAvailable())("Kafka's properties", () => {
  it('have a fate each, and none has one that Kafka does not know', async () => {
    const names = await ask('names');
    // Of a client for share groups, and of clients before 4.0, whose files are still about.
    const others = ['auto.include.jmx.reporter', 'share.acknowledgement.mode', 'share.acquire.mode'];
    expect([...new Set([...names, ...others])].sort()).toEqual([...propertyFates.keys()]);
  });
});

describe.runIf(kafkaAvailable())('a properties file', () => {
  it.each([
    'a=b\nc:d\ne f\n  g  =  h  \ni\nj=\n=k\n',
    '# comment\n! comment \\\nl=1\nm=a\\\n   b\\\n#c\n\nn=x\\\\\no=y',
    'p\\=q=1\nr\\:s\\ t u\nv=\\u0041\\u00e9\\n\\t\\q\\\\\nw=a\\u20acb',
    'x=1\r\ny=2\rz=3\\\r\n  4\nx=5\n',
    'é=ü\n\\u00e4=1\n\fa\t:\tb\na\\\n=b',
    'end=of file\\',
    'value=  # no comment\nblank= \\ kept\ntail=x  ',
  ])('is read as Java reads it: %j', async (text) => {
    const path = join(folder, 'one.properties');
    const bytes = Buffer.from(text, 'latin1');
    await writeFile(path, bytes);
    const read = new Map(parseJavaProperties(bytes, path).map(({ name, value }) => [name, value]));
    const hex = (word: string): string => Buffer.from(word, 'utf16le').swap16().toString('hex');
    const rows = [...read].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${hex(name)} ${hex(value)}`);
    expect(rows).toEqual(await ask('file', path));
  });
});

/** Kafka's jars, fetched once by Maven into a folder that git ignores. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { available } from '../../support/requirement.ts';
import { runCommand } from '../../support/run-command.ts';

const pomPath = fileURLToPath(new URL('./pom.xml', import.meta.url));
const cacheFolder = fileURLToPath(new URL('../../../.cache/', import.meta.url));

/** The major version that `java -version` tells: 17 of `"17.0.15"`, 8 of `"1.8.0_392"`; null: none found. */
export function javaMajorVersion(text: string): number | null {
  const match = /version "(?:1\.)?(\d+)/.exec(text);
  return match?.[1] === undefined ? null : Number(match[1]);
}

function hasJava(): boolean {
  const answer = spawnSync('java', ['-version'], { encoding: 'utf8' });
  return answer.status === 0 && (javaMajorVersion(answer.stderr + answer.stdout) ?? 0) >= 17;
}

function hasMaven(): boolean {
  return spawnSync('mvn', ['--version'], { encoding: 'utf8' }).status === 0;
}

/** Java and Maven are here; in CI it is an error when they are not. */
export function kafkaAvailable(): boolean {
  return available('tests against a real Kafka', [
    { name: 'Java 17 or newer (java)', present: hasJava },
    { name: 'Maven (mvn)', present: hasMaven },
  ]);
}

/** The version in pom.xml, the only place that names it. */
export async function kafkaVersion(): Promise<string> {
  const match = /<kafka\.version>([^<]+)</.exec(await readFile(pomPath, 'utf8'));
  if (match?.[1] === undefined) throw new Error(`no kafka.version in ${pomPath}`);
  return match[1];
}

/** A class path of all jars; the first call on a machine fetches them (about 54 MB). */
export async function kafkaClassPath(): Promise<string> {
  const folder = join(cacheFolder, `kafka-${await kafkaVersion()}`);
  if (!existsSync(folder)) await fetchJars(folder);
  return join(folder, '*');
}

/** Fetches into a folder of its own and renames it at the end, so that a half-done folder is never taken for whole. */
async function fetchJars(folder: string): Promise<void> {
  const partial = `${folder}.partial-${process.pid}`;
  await mkdir(dirname(folder), { recursive: true });
  try {
    const result = await runCommand(
      'mvn',
      [
        ...['-q', '-B', '-f', pomPath, 'dependency:copy-dependencies'],
        ...[`-DoutputDirectory=${partial}`, '-DincludeScope=runtime'],
      ],
      { timeoutMs: 280_000 },
    );
    if (result.exitCode !== 0) throw new Error(`Maven could not fetch Kafka's jars:\n${result.stdout}${result.stderr}`);
    await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

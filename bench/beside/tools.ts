/** The tools that are here, and their versions. */
import { fileURLToPath } from 'node:url';
import { kafkaClassPath, kafkaVersion } from '../../test/kafka/harness/jars.ts';
import { runCommand } from '../../test/support/run-command.ts';
import { builtProgram } from '../support/built-program.ts';
import type { BesideResults } from './beside-schema.ts';
import { type Place, shownPlace } from './commands.ts';

/** Names the program where it is not on the PATH. */
const rdkafkaVariable = 'RDKAFKA_PERFORMANCE';

const makeRdkafka = [
  'apt-get source librdkafka',
  './configure && make libs',
  'make -C examples rdkafka_performance',
] as const;

export interface Tools {
  readonly places: Pick<Place, 'node' | 'loadtui' | 'reader' | 'rdkafka' | 'classPath'>;
  readonly has: { readonly rdkafka: boolean };
  readonly versions: Readonly<Record<string, string>>;
  readonly missing: BesideResults['missing'];
}

/** Throws where loadtui is not built, or Kafka's jars cannot be had. */
export async function findTools(): Promise<Tools> {
  const loadtui = builtProgram();
  const rdkafka = process.env[rdkafkaVariable] ?? shownPlace.rdkafka;
  const librdkafka = await versionIn(rdkafka, [], /librdkafka version (\S+)/);
  return {
    places: {
      node: process.execPath,
      loadtui,
      reader: fileURLToPath(new URL('./read-topic.ts', import.meta.url)),
      rdkafka,
      classPath: await kafkaClassPath(),
    },
    has: { rdkafka: librdkafka !== null },
    versions: {
      loadtui: (await versionIn(process.execPath, [loadtui, '--version'], /(\d\S*)/)) ?? 'unknown',
      Kafka: await kafkaVersion(),
      ...(librdkafka === null ? {} : { librdkafka }),
      Node: process.versions.node,
      Java: (await versionIn('java', ['-version'], /version "([^"]+)"/)) ?? 'unknown',
    },
    missing: librdkafka === null ? [{ tool: shownPlace.rdkafka, makeWith: [...makeRdkafka] }] : [],
  };
}

/** null: there is no such program, or it does not say. */
async function versionIn(program: string, args: readonly string[], pattern: RegExp): Promise<string | null> {
  const answer = await runCommand(program, args).catch(() => null);
  return pattern.exec(`${answer?.stdout ?? ''}${answer?.stderr ?? ''}`)?.[1] ?? null;
}

/**
 * `read-topic.ts HOST:PORT TOPIC MESSAGES WARM_UP_MS MEASURE_MS`: reads a topic's only partition over and over with what
 * a consumer thread of loadtui has in it, and writes on one line how fast that was.
 */
import { z } from 'zod';
import { defaultValues } from '../../source/config/defaults.ts';
import { messageOf } from '../../source/errors.ts';
import { readOverAndOver } from '../support/consume-run.ts';

const argsSchema = z.tuple([
  z.string(),
  z.string(),
  z.coerce.number().positive(),
  z.coerce.number().positive(),
  z.coerce.number().positive(),
]);

try {
  const [brokers, topic, messages, warmUpMs, roundMs] = argsSchema.parse(process.argv.slice(2));
  const options = { brokers, messages, warmUpMs, rounds: 1, roundMs };
  const [round] = await readOverAndOver(options, [{ topic, partition: 0 }], defaultValues('plain'));
  process.stdout.write(`${JSON.stringify(round)}\n`);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}

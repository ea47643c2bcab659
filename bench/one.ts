/** The process of one bench: `one.ts NAME full|quick [BROKERS]`. Answers its parent by a message. */
import { messageOf } from '../source/errors.ts';
import { fullPace, quickPace } from './bench.ts';
import { benches } from './benches.ts';
import type { BenchAnswer } from './figures.ts';
import { OtherLoad } from './support/other-load.ts';

const [name, pace, brokers] = process.argv.slice(2);

async function answer(): Promise<BenchAnswer> {
  const bench = benches.find((one) => one.name === name);
  if (bench === undefined) return { kind: 'failed', message: `there is no bench ${name}` };
  try {
    const context = { pace: pace === 'quick' ? quickPace : fullPace, brokers: brokers ?? null };
    const others = new OtherLoad();
    const figures = [...(await bench.run(context))];
    // Where there is a Kafka, that is who uses most.
    return { kind: 'figures', figures, othersPercent: bench.needs === 'kafka' ? null : others.percent() };
  } catch (error) {
    return { kind: 'failed', message: messageOf(error) };
  }
}

const result = await answer();
if (process.send === undefined) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
else process.send(result, () => process.exit());

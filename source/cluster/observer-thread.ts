/** The observer's thread: connects, then observes until told to close. */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../errors.ts';
import { collectGarbage } from '../lean-memory.ts';
import { openCluster } from './cluster.ts';
import { Observation } from './observation.ts';
import type { ObserverCommand, ObserverReport, ObserverSetup } from './observer-protocol.ts';

const connectWithinMs = 10_000;
/** The next tick asks again anyway: a lost answer must not be waited for as long as a lost message. */
const offsetsTimeoutMs = 5_000;
const groupTimeoutMs = 10_000;

async function observe(setup: ObserverSetup, port: NonNullable<typeof parentPort>): Promise<void> {
  const post = (report: ObserverReport) => port.postMessage(report);
  const open = (requestTimeoutMs: number) => openCluster({ ...setup, tuning: { ...setup.tuning, requestTimeoutMs } });
  const clusters = { offsets: open(offsetsTimeoutMs), group: open(groupTimeoutMs) };
  const observation = new Observation(setup, clusters, post);

  port.on('message', async (command: ObserverCommand) => {
    switch (command.kind) {
      case 'commit-now':
        post({ kind: 'done', id: command.id, committed: await observation.commitNow() });
        return;
      case 'close':
        await observation.stop();
        post({ kind: 'done', id: command.id, committed: false });
        return;
      default:
        command satisfies never;
    }
  });

  try {
    await Promise.all([clusters.offsets.connect(connectWithinMs), clusters.group.connect(connectWithinMs)]);
  } catch (error) {
    post({ kind: 'unreachable', message: messageOf(error) });
    return;
  }
  observation.start();
  collectGarbage();
  post({ kind: 'ready' });
}

if (parentPort !== null) {
  const setup: ObserverSetup = workerData;
  await observe(setup, parentPort);
}

/** Runs a thread of the program (first argument: its file), and does it harm when told to. */
import { BroadcastChannel, workerData } from 'node:worker_threads';
import { type Harm, harmChannel, threadName } from './harm.ts';

const file = process.argv[2] ?? '';

function suffer(harm: Harm): void {
  switch (harm) {
    case 'throw':
      throw new Error('harm was done');
    case 'exit':
      process.exit(3);
      break;
    case 'sleep':
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      return;
    case 'loop':
      for (;;) if (file === '') return;
  }
}

const channel = new BroadcastChannel(harmChannel);
channel.unref();
channel.onmessage = (message: unknown) => {
  if (!(message instanceof MessageEvent)) return;
  const { thread, harm }: { readonly thread: string; readonly harm: Harm } = message.data;
  if (threadName(file, workerData) === thread) setImmediate(() => suffer(harm));
};
await import(file);

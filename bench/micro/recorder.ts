/** What it costs to record the latency of one message. */
import type { Bench } from '../bench.ts';
import { cost } from '../figures.ts';
import { recording } from '../support/recording.ts';
import { nsPerUnit } from '../support/repeat.ts';

const messages = 2048;
const tag = 0;

export const recorderBench: Bench = {
  name: 'micro.recorder',
  needs: 'nothing',
  timeoutMs: 20_000,
  run: ({ pace }) => {
    const { recorder } = recording(['response']);
    const together = new Float64Array(messages).fill(1e9);
    const at50k = Float64Array.from({ length: messages }, (_, i) => 1e9 + i * 20_000);
    const answeredNs = 1.06e9;
    const run = (intendedNs: Float64Array, toNs: number) => () => {
      recorder.recordRun(tag, intendedNs, intendedNs, 0, messages, toNs);
      return messages;
    };
    const oneByOne = (): number => {
      for (let i = 0; i < messages; i++) {
        const intendedNs = at50k[i] ?? 0;
        recorder.record(tag, intendedNs, answeredNs - intendedNs);
      }
      return messages;
    };
    return [
      cost('recordRun, due together', 'ns/msg', nsPerUnit(pace, run(together, answeredNs))),
      cost('recordRun, without slip', 'ns/msg', nsPerUnit(pace, run(together, 1e9))),
      cost('recordRun, due at 50 k/s', 'ns/msg', nsPerUnit(pace, run(at50k, answeredNs))),
      cost('record, due at 50 k/s', 'ns/msg', nsPerUnit(pace, oneByOne)),
    ];
  },
};

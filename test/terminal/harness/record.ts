/**
 * Prints a screen of loadtui as it was at the end of a run with a few changes of knobs: the picture in README.md.
 * `npm run build && node test/terminal/harness/record.ts [COLUMNS ROWS]`
 */
import { argv, stdout } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { startLoadtui } from './loadtui.ts';

const [columns = 120, rows = 30] = argv.slice(2).map(Number);
/** How long each rate is held. */
const holdMs = 20_000;

const terminal = await startLoadtui({ columns, rows }, '--preset', 'latency', '--slo', 'p99<10ms', '--warm-up', '2s');
try {
  await terminal.waitForText(/● measuring/);
  for (const command of [':rate 15k', ':rate 20k', ':linger 2ms']) {
    await delay(holdMs);
    await terminal.type(command);
    await terminal.press('Enter');
  }
  await delay(holdMs);
  const { lines } = await terminal.screen();
  stdout.write(`${lines.join('\n')}\n`);
  await terminal.press('q');
  await terminal.ending();
  stdout.write(`\n${await terminal.scrollback()}\n`);
} finally {
  await terminal.close();
}

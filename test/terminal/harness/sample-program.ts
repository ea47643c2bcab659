/**
 * A full-screen program in a few lines, to try the harness on: shows its size and the last key. `q` leaves the terminal
 * as it was, `x` leaves it in a mess, `w` writes a line wider than the terminal, Ctrl-C is exit 130.
 */
import { stdin, stdout } from 'node:process';

let lastKey = 'none';

function draw(): void {
  stdout.write(`\x1b[2J\x1b[Hsize ${stdout.columns}x${stdout.rows}\r\nkey ${lastKey}\r\n\x1b[7mSAMPLE\x1b[27m\r\n`);
}

function leave(exitCode: number): void {
  stdout.write('\x1b[?25h\x1b[?1049l');
  stdin.setRawMode(false);
  stdout.write('bye\n');
  process.exit(exitCode);
}

stdin.setRawMode(true);
stdout.write('\x1b[?1049h\x1b[?25l');
draw();
stdout.on('resize', draw);
process.on('SIGTERM', () => leave(143));
stdin.on('data', (bytes: Buffer) => {
  const key = bytes.toString('utf8');
  if (key === '\x03') leave(130);
  if (key === 'q') leave(0);
  if (key === 'x') process.exit(9);
  lastKey = JSON.stringify(key);
  draw();
  if (key === 'w') stdout.write('w'.repeat((stdout.columns ?? 80) + 1));
});

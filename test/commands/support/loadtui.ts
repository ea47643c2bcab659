/** The program from its sources, as `bin/loadtui.js` starts the build. */
import { main } from '../../../source/cli.ts';

await main(process.argv.slice(2));

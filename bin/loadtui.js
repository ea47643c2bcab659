#!/usr/bin/env node
// Checks the Node version in JavaScript that any Node can read, then imports the program.
var minimum = [22, 22];
var version = process.versions.node.split('.').map(Number);
var tooOld = version[0] < minimum[0] || (version[0] === minimum[0] && version[1] < minimum[1]);

if (tooOld) {
  process.stderr.write(
    'loadtui needs Node >= ' +
      minimum.join('.') +
      ', this is ' +
      process.versions.node +
      ' (' +
      process.execPath +
      ').\n' +
      'The version is decided by "engines" in loadtui\'s package.json: its Kafka library needs it.\n' +
      'Try: npm install node@24 in this folder, then npx loadtui again.\n',
  );
  process.exit(2);
} else {
  // What is typed stands in the list of processes until then; the program says it again without its secrets.
  if (/password|secret|jaas|token|keystore\.key|sasl-user/i.test(process.argv.join(' '))) process.title = 'loadtui';
  // React's development build, where it is there, costs a third more on every frame.
  process.env.NODE_ENV = process.env.NODE_ENV || 'production';
  import('../dist/cli.js')
    .then((cli) => cli.main(process.argv.slice(2)))
    .catch((error) => {
      process.stderr.write(`loadtui could not start: ${error instanceof Error ? error.stack : error}\n`);
      process.exit(1);
    });
}

// Adds up vitest's JSON reports: prints what failed and why, at the end, where it is looked for, what passed at its
// second try only, and one line: "N passed, N failed". A file that failed before any of its tests did counts as one failure. Where a report is missing
// nothing is known, so nothing is printed.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** The first lines of an error: enough to know it by. */
const firstLines = (text) => (text ?? '').split('\n').slice(0, 12).join('\n    ');

const paths = process.argv.slice(2);
if (paths.length > 0 && paths.every((path) => existsSync(path))) {
  let passed = 0;
  let failed = 0;
  const tell = (verdict, file, what, why) => {
    console.log(`\n${verdict}: ${relative(process.cwd(), file.name)}: ${what}\n    ${firstLines(why)}`);
  };
  for (const path of paths) {
    const report = JSON.parse(readFileSync(path, 'utf8'));
    passed += report.numPassedTests;
    for (const file of report.testResults) {
      for (const { status, fullName, failureMessages } of file.assertionResults) {
        const why = failureMessages.join('\n');
        if (status === 'failed') {
          failed += 1;
          tell('failed', file, fullName, why);
        } else if (status === 'passed' && why !== '') {
          tell('passed at the second try only', file, fullName, why);
        }
      }
      if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed')) {
        failed += 1;
        tell('failed', file, 'the file itself', file.message);
      }
    }
  }
  console.log(`\n${passed} passed, ${failed} failed`);
}

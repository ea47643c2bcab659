// Adds up vitest's JSON reports: prints what failed and why, at the end, where it is looked for, what passed at its
// second try only, and one line: "N passed, N failed". A file that failed before any of its tests did counts as one
// failure. Where a report is missing the sum is not known, so it is not printed.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** The first lines of an error: enough to know it by. */
const firstLines = (text) => (text ?? '').split('\n').slice(0, 12).join('\n    ');

function tell(verdict, file, what, why) {
  console.log(`\n${verdict}: ${relative(process.cwd(), file.name)}: ${what}\n    ${firstLines(why)}`);
}

const paths = process.argv.slice(2);
const reports = paths.filter((path) => existsSync(path)).map((path) => JSON.parse(readFileSync(path, 'utf8')));
let passed = 0;
let failed = 0;
for (const report of reports) {
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
if (reports.length > 0 && reports.length === paths.length) console.log(`\n${passed} passed, ${failed} failed`);

// Adds up vitest's JSON reports and prints one line: "N passed, N failed". A file that failed before any of its tests
// did counts as one failure. Where a report is missing nothing is known, so nothing is printed.
import { existsSync, readFileSync } from 'node:fs';

const paths = process.argv.slice(2);
if (paths.length > 0 && paths.every((path) => existsSync(path))) {
  let passed = 0;
  let failed = 0;
  for (const path of paths) {
    const report = JSON.parse(readFileSync(path, 'utf8'));
    passed += report.numPassedTests;
    failed += report.numFailedTests;
    failed += report.testResults.filter(
      (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
    ).length;
  }
  console.log(`${passed} passed, ${failed} failed`);
}

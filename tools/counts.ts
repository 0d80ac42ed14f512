import { countTests } from './lib/counts.ts';

const { passed, failed, failures } = countTests(process.argv.slice(2));
for (const failure of failures) console.log(`${failure}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

import { countTests } from './lib/counts.ts';

const { passed, failed } = countTests(process.argv.slice(2));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

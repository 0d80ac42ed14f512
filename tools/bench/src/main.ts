import { bench } from './bench.ts';
import { killSubjects } from './subject-process.ts';

// Subjects lead process groups of their own, so that Ctrl+C in a terminal does not reach them by itself.
process.once('exit', killSubjects);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    killSubjects();
    // Nobody listens any more, so this ends us the way in which whoever started us expects it.
    process.kill(process.pid, signal);
  });
}

try {
  process.exitCode = await bench(process.argv.slice(2), {
    print: (text) => console.log(text),
    tell: (text) => console.error(text),
  });
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}

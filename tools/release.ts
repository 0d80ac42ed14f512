import { copyWorkspace } from './lib/release-copy.ts';
import { dryRelease } from './lib/release.ts';
import { repository } from './lib/run.ts';
import { withScratch } from './lib/scratch.ts';

const { steps, problems } = await withScratch('release', async (folder) => {
  await copyWorkspace(repository, folder);
  return dryRelease(folder);
});
for (const step of steps) console.log(step);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

import { containerRuntime } from './docker.ts';
import type { Program } from './programs.ts';
import { resolveProgram } from './resolve.ts';

/** Has a program at hand before it is needed: an installation or an image may take longer than a test is given. */
export async function prepare(program: Program): Promise<void> {
  const resolution = await resolveProgram(program);
  if (resolution.way !== 'docker') return;
  const { ImageName } = await import('testcontainers');
  const { image } = await containerRuntime();
  await image.pull(ImageName.fromString(resolution.image));
}

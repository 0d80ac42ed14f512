export { parley } from './parley.ts';
export type { ExitCode } from './exit-codes.ts';
export type { Environment, Target, World } from './world.ts';

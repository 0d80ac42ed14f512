import type { Fence } from './fences.ts';

const build = ['nx', 'run-many', '-t', 'build', '--projects=packages/*'] as const;

/** The fences of this repository, the quick ones first. */
export const ourFences: readonly Fence[] = [
  { name: 'format', commands: [['oxfmt', '--check']], repair: 'npm run format' },
  {
    name: 'lint',
    commands: [['oxlint', '--type-aware', '--deny-warnings', '--report-unused-disable-directives']],
    repair: 'npm run lint -- --fix',
  },
  {
    name: 'types',
    commands: [
      ['nx', 'run-many', '-t', 'typecheck'],
      ['tsc', '-p', 'tools/tsconfig.json'],
    ],
    repair: 'npx nx typecheck <package>',
  },
  { name: 'layers', commands: [['node', 'tools/layers.ts']], repair: 'see "Floors" in AGENTS.md' },
  {
    name: 'unused',
    commands: [['knip', '--no-progress', '--treat-config-hints-as-errors']],
    repair: 'npx knip --fix, or export less',
  },
  { name: 'shape', commands: [build, ['nx', 'run-many', '-t', 'shape']], repair: 'npx nx shape <package>' },
  {
    name: 'size',
    commands: [build, ['node', 'tools/size.ts']],
    repair: 'make it smaller, or raise its limit in .size-limit.json and say why in the commit',
  },
  {
    name: 'consumer',
    commands: [build, ['node', 'tools/consumer.ts']],
    repair: 'node tools/consumer.ts <package>',
  },
  {
    name: 'release',
    commands: [build, ['node', 'tools/release.ts']],
    repair: 'npx changeset, then node tools/release.ts',
  },
  { name: 'docs', commands: [['nx', 'run', 'docs:build']], repair: 'npm run docs' },
];

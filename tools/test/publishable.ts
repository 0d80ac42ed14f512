import type { Files } from './fixture.ts';

/** A package as it is after its build, small enough to write down. */
export interface Built {
  readonly name: string;
  readonly version?: string;
  readonly js: string;
  readonly types: string;
  readonly manifest?: Files;
}

/** The files of a workspace whose packages are built already. The folder is the name without its scope. */
export function publishable(...packages: readonly Built[]): Files {
  const root = { name: 'fixture', version: '0.0.0', private: true, workspaces: ['packages/*'] };
  return Object.assign({ 'package.json': root }, ...packages.map(filesOf));
}

function filesOf({ name, version = '0.1.0', js, types, manifest }: Built): Files {
  const folder = `packages/${name.split('/')[1]}`;
  const entry = {
    '@parley/source': './src/index.ts',
    types: './dist/index.d.ts',
    default: './dist/index.js',
  };
  return {
    [`${folder}/package.json`]: {
      name,
      version,
      description: 'A fixture',
      license: 'MIT',
      type: 'module',
      files: ['dist', 'src', 'CHANGELOG.md'],
      exports: { '.': entry, './package.json': './package.json' },
      engines: { node: '>=22' },
      ...manifest,
    },
    [`${folder}/src/index.ts`]: 'export {};\n',
    [`${folder}/dist/index.js`]: js,
    [`${folder}/dist/index.d.ts`]: types,
  };
}

import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportNames } from './consumer-runtime.ts';
import { repository, run } from './run.ts';
import { together } from './together.ts';

const compilers = [
  { name: 'TypeScript 5.9', program: 'tools/ts59/node_modules/typescript/bin/tsc' },
  { name: 'TypeScript 7', program: 'node_modules/@typescript/native/bin/tsc' },
];

interface Setting {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

const nodenext: Setting = {
  name: 'nodenext',
  options: { module: 'nodenext', lib: ['es2023'], types: ['node'] },
};
const bundler: Setting = {
  name: 'bundler',
  options: { module: 'esnext', moduleResolution: 'bundler', lib: ['es2023'], types: ['node'] },
};
/** Without Node's types: what runs in browsers must not ask for them. */
const browser: Setting = {
  name: 'browser',
  options: {
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['es2023', 'dom', 'dom.iterable'],
    types: [],
  },
};

export interface TypesOfConsumer {
  readonly names: ExportNames;
  readonly browserSafe: (specifier: string) => boolean;
}

/** Compiles a user of everything that the package gives, by every compiler and kind of resolution. */
export async function compileConsumers(
  folder: string,
  { names, browserSafe }: TypesOfConsumer,
): Promise<void> {
  await lendNodeTypes(folder);
  const programs = [...names].filter(([specifier]) => !specifier.endsWith('.json'));
  const inBrowser = programs.filter(([specifier]) => browserSafe(specifier));
  for (const [setting, used] of [
    [nodenext, programs],
    [bundler, programs],
    [browser, inBrowser],
  ] as const) {
    if (used.length === 0) continue;
    const project = await writeProject(folder, setting, consumerOf(used));
    await together(compilers.map((compiler) => compile(folder, project, setting, compiler)));
  }
}

async function compile(
  folder: string,
  project: string,
  setting: Setting,
  compiler: (typeof compilers)[number],
) {
  const args = [join(repository, compiler.program), '-p', project, '--pretty', 'false'];
  const { code, output } = await run('node', args, { cwd: folder });
  if (code !== 0)
    throw new Error(`the types fail under ${compiler.name}, ${setting.name}:\n${output.trim()}`);
}

async function writeProject(folder: string, setting: Setting, source: string): Promise<string> {
  const project = join(folder, setting.name);
  await mkdir(project, { recursive: true });
  await writeFile(join(project, 'consumer.ts'), source);
  const compilerOptions = {
    target: 'es2022',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    ...setting.options,
  };
  await writeFile(
    join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['consumer.ts'] }),
  );
  return project;
}

/** Names every value exactly once, so that one which only the types or only the module knows is an error. */
function consumerOf(names: readonly (readonly [specifier: string, exported: readonly string[]])[]): string {
  return names
    .map(([specifier, exported], index) => {
      const record = exported.map((name) => `${JSON.stringify(name)}: true`).join(', ');
      return [
        `import * as module${index} from ${JSON.stringify(specifier)};`,
        `export const names${index}: Record<keyof typeof module${index}, true> = { ${record} };`,
      ].join('\n');
    })
    .join('\n');
}

/** A user of Node has its types; ours do, so that nothing has to be downloaded. */
async function lendNodeTypes(folder: string): Promise<void> {
  await mkdir(join(folder, 'node_modules/@types'), { recursive: true });
  await symlink(join(repository, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
}

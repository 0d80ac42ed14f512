import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRequirements } from '../lib/requirements.ts';

const areas = [{ name: 'Cache', prefix: 'C', count: 2 }];
const header =
  '| id | promise | package | page | shown by | status |\n| --- | --- | --- | --- | --- | --- |\n';
const open = (id: string) => `| ${id} | keeps things | cache-core | [page](./page.md) | — | open |`;
const done = (id: string, shownBy: string) =>
  `| ${id} | keeps things | cache-core | [page](./page.md) | ${shownBy} | done |`;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'parley-requirements-'));
  write('docs/page.md', '# Page\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function table(...rows: string[]): void {
  write('docs/requirements.md', `# Promises\n\n${header}${rows.join('\n')}\n`);
}

/** What `vitest --reporter=json` leaves behind, as far as anything here reads it. */
function ran(file: string, tests: ReadonlyArray<readonly [path: string, status: string]>): void {
  write(file, '');
  const assertionResults = tests.map(([path, status]) => {
    const titles = path.split(' > ');
    return { ancestorTitles: titles.slice(0, -1), title: titles.at(-1), fullName: titles.join(' '), status };
  });
  write(
    '.results/vitest.json',
    JSON.stringify({ testResults: [{ name: join(root, file), assertionResults }] }),
  );
}

const check = () => checkRequirements(root, areas);

describe('the table', () => {
  it('may stand with every promise open', () => {
    table(open('C1'), open('C2'));
    expect(check()).toEqual({
      tallies: [{ area: 'Cache', done: 0, partial: 0, open: 2 }],
      problems: [],
      hints: [],
    });
  });

  it('is read across several sections and past other tables', () => {
    write(
      'docs/requirements.md',
      `${header}${open('C1')}\n\n| other |\n| --- |\n| C9 |\n\n${header}${open('C2')}\n`,
    );
    expect(check().problems).toEqual([]);
  });

  it('must be there', () => {
    expect(check().problems).toEqual(['docs/requirements.md does not exist']);
  });

  it('must have a row for each known id', () => {
    table(open('C1'));
    expect(check().problems).toEqual(['C2 has no row in docs/requirements.md']);
  });

  it('must not have an id twice', () => {
    table(open('C1'), open('C2'), open('C1'));
    expect(check().problems).toEqual(['C1 has 2 rows, on lines 5, 7']);
  });

  it('must not have an id that nobody knows', () => {
    table(open('C1'), open('C2'), open('C3'));
    expect(check().problems).toEqual(['"C3" is not a known id']);
  });

  it('knows three statuses only', () => {
    table(open('C1'), open('C2').replace('| open |', '| almost |'));
    expect(check().problems).toEqual(['C2 has the status "almost"; allowed are done, partial, open']);
  });

  it('must say what it promises', () => {
    table(open('C1'), open('C2').replace('keeps things', ''));
    expect(check().problems).toEqual(['C2 promises nothing']);
  });

  it('must not link to a page that does not exist', () => {
    table(open('C1'), open('C2').replace('./page.md', './gone.md#part'));
    expect(check().problems).toEqual(['C2 links to ./gone.md#part, which does not exist']);
  });

  it('must have six cells in a row, where an escaped bar is part of its cell', () => {
    table(open('C1').replace('things', String.raw`a \| b`), `${open('C2')} more |`);
    expect(check().problems).toContainEqual(expect.stringContaining('line 6: 7 cells where 6 belong'));
  });

  it('must not name a file that is gone, in an open row either', () => {
    table(open('C1'), open('C2').replace('—', '`packages/a/test/gone.test.ts > keeps`'));
    expect(check().problems).toEqual(['C2 names packages/a/test/gone.test.ts, which does not exist']);
  });

  it.each(['a test somewhere', '`notes.md`', '`docs/results/a.json`', 'see `a.test.ts`'])(
    'must name what shows a row in a form that can be read: %s',
    (shownBy) => {
      table(open('C1'), done('C2', shownBy));
      expect(check().problems).toContainEqual(
        expect.stringContaining('docs/requirements.md line 6 (C2): cannot read'),
      );
    },
  );
});

describe('a row marked done', () => {
  const file = 'packages/cache-core/test/keep.test.ts';

  it('must be shown by something', () => {
    table(open('C1'), done('C2', '—'));
    expect(check().problems).toEqual(['C2 is marked done, but nothing shows it']);
  });

  it.each([file, `${file} > keeps`, `${file} > cache > keeps`, `${file} > cache`])(
    'stands when %s passed',
    (name) => {
      ran(file, [['cache > keeps', 'passed']]);
      table(open('C1'), done('C2', `\`${name}\``));
      expect(check()).toMatchObject({ problems: [], tallies: [{ done: 1, open: 1 }] });
    },
  );

  it('falls with a test file that does not exist', () => {
    ran(file, [['keeps', 'passed']]);
    table(open('C1'), done('C2', '`packages/cache-core/test/other.test.ts`'));
    expect(check().problems).toEqual([
      'C2 is marked done, but packages/cache-core/test/other.test.ts does not exist',
    ]);
  });

  it('falls with a test that the file does not have', () => {
    ran(file, [['keeps', 'passed']]);
    table(open('C1'), done('C2', `\`${file} > loses\``));
    expect(check().problems).toEqual([`C2 is marked done, but ${file} has no test named "loses"`]);
  });

  it('falls with a test file that was left out of the last run, and the hint names partial runs', () => {
    ran('packages/bus/test/bus.test.ts', [['keeps', 'passed']]);
    write(file, '');
    table(open('C1'), done('C2', `\`${file} > keeps\``));
    expect(check().problems).toEqual([`C2 is marked done, but ${file} did not run`]);
    expect(check().hints.join()).toContain('npm test -- --project');
  });

  it.each(['failed', 'pending', 'skipped', 'todo'])('falls with a test that is %s', (status) => {
    ran(file, [['keeps', status]]);
    table(open('C1'), done('C2', `\`${file} > keeps\``));
    expect(check().problems).toEqual([`C2 is marked done, but "keeps" in ${file} is ${status}, not passed`]);
  });

  it.each([file, `${file} > cache`])(
    'falls when one of the tests that %s stands for did not pass',
    (name) => {
      ran(file, [
        ['cache > keeps', 'passed'],
        ['cache > forgets', 'failed'],
      ]);
      table(open('C1'), done('C2', `\`${name}\``));
      expect(check().problems).toEqual([
        `C2 is marked done, but "cache > forgets" in ${file} is failed, not passed`,
      ]);
    },
  );

  it('needs each of the tests that it names', () => {
    ran(file, [['keeps', 'passed']]);
    table(open('C1'), done('C2', `\`${file} > keeps\`<br>\`${file} > forgets\``));
    expect(check().problems).toHaveLength(1);
  });

  it('asks for a test run when there is none', () => {
    write(file, '');
    table(open('C1'), done('C2', `\`${file}\``));
    expect(check().problems).toEqual(['C2 is marked done, but .results/vitest.json is missing']);
    expect(check().hints).toEqual(['.results/vitest.json is missing: run `npm test` first.']);
  });

  it('stands on a recorded result, without a test run', () => {
    write('docs/results/cache.json', '{"l1-hit": {"ours": 1}}');
    table(open('C1'), done('C2', '`docs/results/cache.json#l1-hit`'));
    expect(check().problems).toEqual([]);
  });

  it.each([
    ['{"l1-hit": {"ours": 1}}', 'records no "redis-hit"'],
    ['{"redis-hit": null}', 'records no "redis-hit"'],
    ['not json', 'is not a JSON object'],
    [
      '{"$meta": {"quick": true}, "redis-hit": {"ours": 1}}',
      'was recorded with --quick, whose figures show nothing',
    ],
  ])('falls with a result that is not recorded: %s', (recorded, why) => {
    write('docs/results/cache.json', recorded);
    table(open('C1'), done('C2', '`docs/results/cache.json#redis-hit`'));
    expect(check()).toMatchObject({
      problems: [`C2 is marked done, but docs/results/cache.json ${why}`],
      hints: [],
    });
  });

  it('falls with a measurement that failed', () => {
    write('docs/results/cache.json', '{"$meta": {"quick": false}, "redis-hit": {"ours": null}}');
    table(open('C1'), done('C2', '`docs/results/cache.json#redis-hit`'));
    expect(check().problems).toEqual([
      'C2 is marked done, but "redis-hit" in docs/results/cache.json is a failed measurement',
    ]);
  });

  it.each([
    ['lost', []],
    ['delivery.p99', ['C2 is marked done, but "delivery.p99" in docs/results/load/seeds.json was missed']],
    ['typing.p99', ['C2 is marked done, but docs/results/load/seeds.json has no objective for "typing.p99"']],
  ])('stands on a run of the load test by the objective that was met: %s', (metric, problems) => {
    const verdicts = [
      { metric: 'lost', value: 0, atMost: 0, met: true },
      { metric: 'delivery.p99', value: 30, atMost: 25, met: false },
    ];
    write('docs/results/load/seeds.json', JSON.stringify({ metrics: { 'typing.p99': 20 }, verdicts }));
    table(open('C1'), done('C2', `\`docs/results/load/seeds.json#${metric}\``));
    expect(check().problems).toEqual(problems);
  });

  it('does not find what every object inherits', () => {
    write('docs/results/cache.json', '{}');
    table(open('C1'), done('C2', '`docs/results/cache.json#__proto__`'));
    expect(check().problems).toHaveLength(1);
  });
});

describe('the command', () => {
  const home = resolve(import.meta.dirname, '../..');
  const run = () =>
    new Promise<{ code: number | string | null | undefined; stdout: string }>((settle) => {
      execFile(process.execPath, [join(home, 'tools/requirements.ts'), '--root', root], (error, stdout) =>
        settle({ code: error ? error.code : 0, stdout }),
      );
    });
  const every = () =>
    checkRequirements(home).tallies.reduce((sum, { done, partial, open }) => sum + done + partial + open, 0);

  it('prints the counts and succeeds when the table may stand', async () => {
    const rows = [17, 10, 8, 7, 18, 4, 12].flatMap((count, area) =>
      Array.from({ length: count }, (_, index) => open(`${'CBPLHTO'[area]}${index + 1}`)),
    );
    table(...rows);
    const { code, stdout } = await run();
    expect(stdout).toContain('requirements: 0 of 76 done');
    expect(code).toBe(0);
  });

  it('prints each problem and fails when it may not', async () => {
    table(open('C1'));
    const { code, stdout } = await run();
    expect(stdout).toContain('- C17 has no row');
    expect(code).toBe(1);
  });

  it('finds our own table whole', () => {
    expect(checkRequirements(home).problems.filter((problem) => !problem.includes('is marked done'))).toEqual(
      [],
    );
    expect(every()).toBe(76);
  });
});

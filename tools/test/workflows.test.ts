import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../lib/run.ts';
import { readJson } from '../lib/workspaces.ts';

const workflows = globSync('.github/workflows/*.yml', { cwd: repository })
  .toSorted()
  .map((path) => ({ path, text: readFileSync(join(repository, path), 'utf8') }));

it('there are workflows for check and release', () => {
  expect(workflows.map(({ path }) => path)).toEqual([
    '.github/workflows/check.yml',
    '.github/workflows/release.yml',
  ]);
});

describe.each(workflows)('$path', ({ text }) => {
  it('pins every action by the full hash of a commit, and says which release that is', () => {
    const used = [...text.matchAll(/uses: (.*)$/gmu)].map(([, action]) => action);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/u);
  });

  it('says at the top what it may do, and gives write access only to single jobs', () => {
    const top = /^permissions:(.*(?:\n {2}.*)*)/mu.exec(text)?.[1];
    expect(top).toBeDefined();
    expect(top).not.toContain('write');
    expect(text).not.toContain('pull_request_target');
  });

  it('leaves no credentials in the clone', () => {
    const checkouts = text.match(/uses: actions\/checkout@/gu) ?? [];
    expect(text.match(/persist-credentials: false/gu)).toHaveLength(checkouts.length);
  });

  it('runs only scripts that exist', () => {
    const scripts = Object(readJson(join(repository, 'package.json'))['scripts']);
    const named = [...text.matchAll(/npm run ([\w:]+)/gu)].map(([, script]) => script);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });
});

it('publishes with provenance, from a job that runs nothing of ours', () => {
  const release = workflows.find(({ path }) => path.endsWith('release.yml'))?.text ?? '';
  const [before = '', publish = ''] = release.split(/^ {2}publish:$/mu);
  expect(before).not.toContain('id-token');
  expect(publish).toContain('id-token: write');
  expect(publish).toContain("NPM_CONFIG_PROVENANCE: 'true'");
  expect([...publish.matchAll(/run: (.*)$/gmu)].map(([, command]) => command)).toEqual([
    'npm ci --ignore-scripts',
  ]);
});

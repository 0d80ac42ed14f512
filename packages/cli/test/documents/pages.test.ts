import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commands } from '../../src/commands.ts';
import { referencePage } from '../../src/reference.ts';

it('the page cli.md is what the table of commands says; `npm run docs -w @parley/cli` writes it anew', () => {
  const page = new URL('../../../../docs/reference/cli.md', import.meta.url);
  expect(readFileSync(page, 'utf8')).toBe(referencePage(commands));
});

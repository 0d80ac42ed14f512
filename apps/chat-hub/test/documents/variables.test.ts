import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hubVariables } from '../../src/config-variables.ts';
import { page, withVariables } from './variables.ts';

test('the page on configuration says what the code does; `npm run docs -w @parley/chat-hub` writes it anew', () => {
  const text = readFileSync(page, 'utf8');
  expect(text).toBe(withVariables(text));
});

test('every variable says what it is for, what is allowed, and what holds without it', () => {
  const silent = hubVariables.names.filter((name) => Object.values(hubVariables.about(name)).includes(''));
  expect(silent).toEqual([]);
});

import { readFileSync } from 'node:fs';
import { referencePages } from '@parley/hub-protocol/openapi';
import { expect, it } from 'vitest';

it.each(Object.entries(referencePages()))(
  'the page %s is what the schemas say; `npm run docs -w @parley/hub-protocol` writes it anew',
  (name, text) => {
    expect(readFileSync(new URL(`../../../../docs/reference/${name}`, import.meta.url), 'utf8')).toBe(text);
  },
);

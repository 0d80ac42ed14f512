import { expect, it } from 'vitest';

it('runs in the Node that was asked for: 22 by `npm run test:node22`, otherwise 24', () => {
  expect(process.versions.node.split('.')[0]).toBe(process.env['PARLEY_NODE'] ?? '24');
});

import { presenceStoreLaws } from '@parley/presence/conformance';
import { describe, test } from 'vitest';
import { memoryHarness } from './memory-harness.ts';

describe('the memory store', () => {
  test.each(presenceStoreLaws.map((law) => [law.name, law] as const))('%s', (_, law) =>
    law.verify(memoryHarness()),
  );
});

import { isParleyError } from '@parley/cache-core/kernel';
import { connectHub } from '@parley/hub-client';
import { describe, expect, it } from 'vitest';

/** What JavaScript may pass, whatever the types say. */
function connecting(options: object): () => void {
  return () => {
    connectHub({ url: 'http://hub.test', ...options }).close();
  };
}

describe('an option that cannot be used is refused by its name', () => {
  it.each([
    ['url', ''],
    ['url', 'hub.test'],
    ['url', 'ftp://hub.test'],
    ['url', null],
    ['keep', 0],
    ['keep', Number.NaN],
    ['keep', '5'],
    ['deadlineMs', 0],
    ['deadlineMs', '5'],
    ['giveUpMs', -1],
    ['maxPauseMs', Number.NaN],
    ['fetch', 'fetch'],
    ['WebSocket', null],
    ['session', ''],
    ['session', 'x'.repeat(65)],
    ['session', 7],
    ['subscribe', 'all'],
    ['subscribe', null],
  ])('%s: %j', (field, value) => {
    let refused: unknown;
    try {
      connecting({ [field]: value })();
    } catch (error) {
      refused = error;
    }
    expect(isParleyError(refused, 'INVALID_ARGUMENT') && refused.field).toBe(field);
  });
});

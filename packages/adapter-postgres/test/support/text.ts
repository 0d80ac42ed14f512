import type { Schema } from '@parley/cache-core/kernel';

const refused = { issues: [{ message: 'it is not text' }] };

/** Any text. */
export const text: Schema<string> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) => (typeof value === 'string' ? { value } : refused),
  },
};

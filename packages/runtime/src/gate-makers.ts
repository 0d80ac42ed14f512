// Loaded when first used. By name, since of a package that is imported as a whole bundlers could leave nothing out.
export { createLocks } from '@parley/cache-core/lock';
export { createSessions } from '@parley/cache-core/session';
export { createLimiter } from '@parley/ratelimit';

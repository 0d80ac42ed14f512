import { CacheMethod, type Cache } from '@parley/cache-core';

export class Users {
  readonly cache: Cache | undefined;
  readonly asked: string[] = [];

  constructor(cache: Cache | undefined) {
    this.cache = cache;
  }

  // #region decorator
  @CacheMethod({ ttl: 1800, tags: ['users'] })
  async find(id: string): Promise<{ readonly id: string; readonly by: Users['asked']['length'] }> {
    this.asked.push(id);
    return { id, by: this.asked.length };
  }
  // #endregion decorator
}

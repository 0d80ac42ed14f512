import type { Cache } from './cache.ts';
import { InvalidArgument } from './kernel/errors.ts';
import { callThrough, type MemoizeOptions } from './memoize.ts';

export interface CacheMethodOptions<This, Args extends unknown[], Value> extends Omit<
  MemoizeOptions<Args, Value>,
  'name'
> {
  /** The cache, or how to find it on the object whose method is called. @default the member `cache` of that object */
  readonly cache?: Cache | ((self: This) => Cache) | undefined;
  /** @default the name of the class and of the method */
  readonly name?: string | undefined;
}

/**
 * A standard (TC39) decorator: the results of the method are cached, by its arguments. Objects of one class share entries, as two of them
 * are asked the same thing in the same words; where that is wrong, `key` or `name` must tell them apart.
 */
export function CacheMethod<This extends object, Args extends unknown[], Value>(
  options: CacheMethodOptions<This, Args, Value> = {},
) {
  return (
    method: (this: This, ...args: Args) => Promise<Value>,
    context: ClassMethodDecoratorContext<This, (this: This, ...args: Args) => Promise<Value>>,
  ): ((this: This, ...args: Args) => Promise<Value>) => {
    const { cache, name } = options;
    const methodName = String(context.name).replace(/[^\w.-]/g, '_');
    const spaces = new WeakMap<Cache, Cache>();

    const spaceIn = (found: Cache, self: This): Cache => {
      const known = spaces.get(found);
      if (known !== undefined) return known;
      const space = found.namespace(name ?? `${self.constructor.name}.${methodName}`);
      spaces.set(found, space);
      return space;
    };

    return async function cachedMethod(this: This, ...args: Args): Promise<Value> {
      const found = typeof cache === 'function' ? cache(this) : (cache ?? memberCache(this));
      return callThrough(spaceIn(found, this), (...own: Args) => method.apply(this, own), args, options);
    };
  };
}

function memberCache(self: object): Cache {
  const found: unknown = Reflect.get(self, 'cache');
  if (isCache(found)) return found;
  throw new InvalidArgument('cache', 'an option of @CacheMethod or a member of the object', found);
}

function isCache(value: unknown): value is Cache {
  return typeof value === 'object' && value !== null && 'get' in value && 'namespace' in value;
}

import { restPrefix } from './prefix.ts';

type Value = string | number | boolean | undefined;
type Values = Readonly<Record<string, Value>>;

/** The address of a route with its parameters filled in, without origin. Every value is escaped: none can lead to another route. */
export function routePath(route: { readonly path: string }, params: Values = {}): string {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new TypeError(`${route.path} needs ${name}`);
    // Escaped or not, these would be resolved away and lead elsewhere.
    if (['', '.', '..'].includes(String(value)))
      throw new TypeError(`${name} of ${route.path} cannot be ${JSON.stringify(value)}`);
    return encodeURIComponent(String(value));
  });
  return `${restPrefix}${path}`;
}

/** `?limit=50`, or nothing; what is undefined is left out, and lists have commas between their items. */
export function searchOf(query: Readonly<Record<string, Value | readonly string[]>> = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`],
  );
  return given.length === 0 ? '' : `?${given.join('&')}`;
}

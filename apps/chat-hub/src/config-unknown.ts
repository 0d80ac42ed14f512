import type { ConfigProblem, Environment } from '@parley/runtime';
import { hubVariables } from './config-variables.ts';

/** What Kubernetes and Docker set for a service that is called hub. */
const linked = /_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_\w+)?)$/;

/** Variables that were meant for the hub and that it does not know: ignored in silence, a slip of the finger is found out in production. */
export function unknownHubNames(env: Environment): ConfigProblem[] {
  const ignored = new Set((env['PARLEY_IGNORE'] ?? '').split(',').map((name) => name.trim()));
  return Object.entries(env).flatMap(([variable, value = '']) => {
    const isOurs = /^HUB_/i.test(variable) && !hubVariables.names.includes(variable);
    if (!isOurs || value.trim() === '' || linked.test(variable) || ignored.has(variable)) return [];
    // Its value is not told: nobody knows whether it is a secret.
    const message = `${variable} is not known: say ${nearest(variable)} if that was meant, or list it in PARLEY_IGNORE if it is not for the hub`;
    return [{ variable, message }];
  });
}

function nearest(name: string): string {
  const given = restOf(name.toUpperCase());
  return hubVariables.names.reduce((best, known) =>
    likeness(given, restOf(known)) > likeness(given, restOf(best)) ? known : best,
  );
}

/** What stands behind the prefix that all have. */
function restOf(name: string): string {
  return name.slice('HUB'.length);
}

/** How many letters, and pairs of neighbours, two names have in common: letters tell of swapped ones, pairs of their order. */
function likeness(a: string, b: string): number {
  return shared(new Set(a), new Set(b)) + shared(pairs(a), pairs(b));
}

function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return (2 * [...a].filter((part) => b.has(part)).length) / (a.size + b.size);
}

function pairs(text: string): Set<string> {
  return new Set(Array.from({ length: text.length - 1 }, (_, i) => text.slice(i, i + 2)));
}

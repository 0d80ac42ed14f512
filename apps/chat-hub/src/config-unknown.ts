import type { ConfigProblem, Environment } from '@parley/runtime';
import { hubVariables } from './config-variables.ts';

/** What Kubernetes and Docker set for a service that is called hub. */
const linked = /_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_\w+)?)$/;

/** Variables that were meant for the hub and that it does not know: ignored in silence, a slip of the finger is found out in production. */
export function unknownHubNames(env: Environment): ConfigProblem[] {
  const ignored = (env['PARLEY_IGNORE'] ?? '').split(',').map((name) => name.trim());
  return Object.entries(env).flatMap(([variable, value = '']) => {
    const isOurs = /^HUB_/i.test(variable) && !hubVariables.names.includes(variable);
    if (!isOurs || value.trim() === '' || linked.test(variable) || ignored.includes(variable)) return [];
    // Its value is not told: nobody knows whether it is a secret.
    const message = `${variable} is not known: say ${nearest(variable)} if that was meant, or list it in PARLEY_IGNORE if it is not for the hub`;
    return [{ variable, message }];
  });
}

function nearest(name: string): string {
  const given = pairs(name.toUpperCase());
  const alike = (known: string): number => {
    const wanted = pairs(known);
    const common = [...wanted].filter((pair) => given.has(pair)).length;
    return (2 * common) / (wanted.size + given.size);
  };
  return hubVariables.names.reduce((best, known) => (alike(known) > alike(best) ? known : best));
}

/** Two letters each, as they stand side by side behind the prefix. */
function pairs(name: string): Set<string> {
  const rest = name.slice('HUB'.length);
  return new Set(Array.from({ length: rest.length - 1 }, (_, i) => rest.slice(i, i + 2)));
}

import { z } from 'zod';
import { about, type About } from './fields.ts';
import { lifetimeVariables, placeVariables } from './variables-general.ts';
import { chatRedisVariables, poolVariables, redisVariables, serverVariables } from './variables-redis.ts';

/** Every variable that means something here, validated. Anything else in the environment is not looked at by it. */
export const environment = z.object({
  ...placeVariables,
  ...lifetimeVariables,
  ...redisVariables,
  ...serverVariables,
  ...poolVariables,
  ...chatRedisVariables,
});

/** What the environment says, understood. */
export type Variables = z.output<typeof environment>;

type Shape = Readonly<Record<string, z.ZodType>>;

/** The variables as the documentation groups them. */
export const variableGroups: readonly (readonly [title: string, variables: Shape])[] = [
  ['Where things are kept', placeVariables],
  ['How long entries live', lifetimeVariables],
  ['Redis', redisVariables],
  ['Settings of the Redis server', serverVariables],
  ['Settings of a connection pool', poolVariables],
  ['A second Redis for the chat hub', chatRedisVariables],
];

export const variableNames: readonly string[] = Object.keys(environment.shape);

export function aboutVariable(name: string): About {
  const shape: Shape = environment.shape;
  const schema = shape[name];
  const facts = schema && about.get(schema);
  if (facts === undefined) throw new TypeError(`${name} is no variable of ours`);
  return facts;
}

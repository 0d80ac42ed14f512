import { judged } from '../scenario.ts';
import type { RivalScenario } from '../scenario.ts';

/** K7: no value is taken for an absent one. */
export const falsyValues: RivalScenario = {
  id: 'K7',
  promise: '`0`, `false`, `""` and `null` are values; `__proto__` is a key and a tag',
  async run(cell) {
    const wish = { redis: cell.servers.redis, tags: true };
    const [a, b] = [await cell.open(wish), await cell.open({ ...wish, local: false })];
    const wrong: string[] = [];
    for (const value of [0, false, '', null]) {
      let loads = 0;
      const load = () => {
        loads += 1;
        return Promise.resolve(value);
      };
      const key = `value:${JSON.stringify(value)}`;
      const answers = [await a.load(key, load), await a.load(key, load), await b.load(key, load)];
      if (loads > 1) wrong.push(`${JSON.stringify(value)} is loaded ${loads} times`);
      else if (answers.some((answer) => answer !== value))
        wrong.push(`${JSON.stringify(value)} comes back as ${answers.join(', ')}`);
    }
    await a.set('__proto__', { admin: true }, { tags: ['__proto__'] });
    const [here, there] = [await a.get('__proto__'), await b.get('__proto__')];
    if (JSON.stringify([here, there]) !== '[{"admin":true},{"admin":true}]')
      wrong.push('the key __proto__ is lost');
    if (Object.hasOwn(Object.prototype, 'admin')) wrong.push('the prototype of all objects was changed');
    if (a.invalidateTag) {
      await a.invalidateTag('__proto__');
      const left = [await a.get('__proto__'), await b.get('__proto__')];
      if (left.some((value) => (value ?? undefined) !== undefined))
        wrong.push('the tag __proto__ is never invalidated');
    }
    return judged(wrong, 'All are hits and come back as they are.');
  },
};

/** K8: the error of a loader is the caller's. */
export const throwingLoader: RivalScenario = {
  id: 'K8',
  promise: "A loader that throws rejects with the loader's own error",
  async run(cell) {
    const cache = await cell.open({ redis: cell.servers.redis });
    const own = new Error('the database is on fire');
    try {
      const value = await cache.load('k8', () => Promise.reject(own));
      return judged([`it answers ${String(value)}`], '');
    } catch (error) {
      if (error === own) {
        const byDefault = cell.library === 'cacheable' ? ' (By default it answers undefined.)' : '';
        return judged([], `It rejects with the very error.${byDefault}`);
      }
      const cause: unknown = error instanceof Error ? error.cause : undefined;
      const name = error instanceof Error ? error.constructor.name.replace(/^_/, '') : String(error);
      return cause === own
        ? judged([], `It rejects with ${name}; the loader's error is its cause.`)
        : judged([`it rejects with ${name}, and the loader's error is lost`], '');
    }
  },
};

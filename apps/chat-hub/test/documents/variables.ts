import { ConfigError } from '@parley/runtime';
import { hubVariables } from '../../src/config-variables.ts';
import { rulesOf } from '../../src/limits/hub-rules.ts';
import { standardLimits } from '../../src/limits/limit-names.ts';
import { readHubConfig } from '../../src/config.ts';

export const page = new URL('../../../../docs/guide/configure-the-hub.md', import.meta.url);

/** The page with its generated parts as they are to be. */
export function withVariables(text: string): string {
  const parts = { variables: table(), limits: limitTable(), 'what a wrong configuration says': wrongly() };
  return Object.entries(parts).reduce((page, [name, content]) => replaced(page, name, content), text);
}

function replaced(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no place for the ${name}`);
  return `${text.slice(0, from)}${begin}\n\n<!-- prettier-ignore-start -->\n\n${content}\n\n<!-- prettier-ignore-end -->\n\n${text.slice(to)}`;
}

function table(): string {
  const rows = hubVariables.names.map((name) => {
    const { what, allowed, otherwise } = hubVariables.about(name);
    return [`\`${name}\``, what, allowed, otherwise];
  });
  const head = ['variable', 'what it is for', 'allowed', 'without it'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function limitTable(): string {
  const rows = Array.from(rulesOf(standardLimits), ([name, { limit, seconds, options }]) => {
    const inARow = 'burst' in options ? options.burst : undefined;
    const allowed = seconds === 0 ? `${limit} at once` : `${limit} in ${seconds / 60} min`;
    return [
      `\`${name}\``,
      inARow === undefined || inARow === limit ? allowed : `${allowed}, ${inARow} in a row`,
    ];
  });
  const head = ['limit', 'allows'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function wrongly(): string {
  const env = { HUB_PORT: '99999', HUB_METRIC: 'public', DATABASE_URL: 'mysql://ann:secret@db/hub' };
  const said = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return ['```console', `$ ${said.join(' ')} npm start`, messageOf(env), '```'].join('\n');
}

function messageOf(env: Readonly<Record<string, string>>): string {
  try {
    readHubConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('nothing is wrong with it');
}

import { aboutVariable, variableGroups } from '../../src/environment.ts';
import { truthTable, type Row } from './truth-table.ts';

export const page = new URL('../../../../docs/guide/configuration.md', import.meta.url);

/** The page with its generated parts as they are to be. */
export function withTables(text: string): string {
  return replaced(replaced(text, 'truth table', truths()), 'variables', variables());
}

function replaced(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no place for the ${name}`);
  return `${text.slice(0, from)}${begin}\n\n<!-- prettier-ignore-start -->\n\n${content}\n\n<!-- prettier-ignore-end -->\n\n${text.slice(to)}`;
}

function truths(): string {
  const set = (given: boolean | undefined): string => (given === undefined ? '' : given ? 'set' : 'not set');
  const row = ({ mode, choice, redis, database, dataDir, kept, warns }: Row): string =>
    line([
      choice ?? '',
      mode ?? '',
      ...[redis, database, dataDir].map(set),
      warns ? `${kept}, with a warning` : kept,
    ]);
  return [
    line([
      '`CACHE_ADAPTER`',
      '`NODE_ENV`',
      'a Redis',
      '`DATABASE_URL`',
      '`DATA_DIR`',
      'the cache is kept in',
    ]),
    line(Array.from({ length: 6 }, () => '---')),
    ...truthTable.map(row),
  ].join('\n');
}

function variables(): string {
  return variableGroups
    .map(([title, shape]) => {
      const rows = Object.keys(shape).map((name) => {
        const { what, allowed, otherwise = '' } = aboutVariable(name);
        return line([`\`${name}\``, what, escaped(allowed), otherwise]);
      });
      const head = [
        line(['variable', 'what it is for', 'allowed', 'without it']),
        line(['---', '---', '---', '---']),
      ];
      return [`### ${title}`, '', ...head, ...rows].join('\n');
    })
    .join('\n\n');
}

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** VitePress takes angle and double braces for its own. */
const escaped = (text: string): string => text.replaceAll('<', '&lt;');

import { aboutVariable, variableGroups } from '../../src/environment.ts';
import { databaseTable, truthTable, type Row } from './truth-table.ts';

export const page = new URL('../../../../docs/guide/configuration.md', import.meta.url);

/** The page with its generated parts as they are to be. */
export function withTables(text: string): string {
  const tables = { 'truth table': truths(), 'table of databases': databases(), variables: variables() };
  return Object.entries(tables).reduce((page, [name, content]) => replaced(page, name, content), text);
}

function replaced(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no place for the ${name}`);
  return `${text.slice(0, from)}${begin}\n\n<!-- prettier-ignore-start -->\n\n${content}\n\n<!-- prettier-ignore-end -->\n\n${text.slice(to)}`;
}

const set = (given: boolean | undefined): string => (given === undefined ? '' : given ? 'set' : 'not set');
const keptIn = ({ kept, warns }: Pick<Row, 'kept' | 'warns'>): string =>
  warns ? `${kept}, with a warning` : kept;

function truths(): string {
  const row = ({ mode, choice, redis, database, dataDir, ...where }: Row): string =>
    line([choice ?? '', mode ?? '', ...[redis, database, dataDir].map(set), keptIn(where)]);
  const head = ['`CACHE_ADAPTER`', '`NODE_ENV`', 'a Redis', '`DATABASE_URL`', '`DATA_DIR`'];
  return table([...head, 'everything is kept in, and the bus carried by'], truthTable.map(row));
}

function databases(): string {
  const row = ({ mode, database, dataDir, ...where }: (typeof databaseTable)[number]): string =>
    line([mode ?? '', ...[database, dataDir].map(set), keptIn(where)]);
  const head = ['`NODE_ENV`', '`DATABASE_URL`', '`DATA_DIR`', 'the tables are kept in'];
  return table(head, databaseTable.map(row));
}

function variables(): string {
  return variableGroups
    .map(([title, shape]) => {
      const rows = Object.keys(shape).map((name) => {
        const { what, allowed, otherwise = '' } = aboutVariable(name);
        return line([`\`${name}\``, what, escaped(allowed), otherwise]);
      });
      return `### ${title}\n\n${table(['variable', 'what it is for', 'allowed', 'without it'], rows)}`;
    })
    .join('\n\n');
}

const table = (head: readonly string[], rows: readonly string[]): string =>
  [line(head), line(head.map(() => '---')), ...rows].join('\n');

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** VitePress takes angle and double braces for its own. */
const escaped = (text: string): string => text.replaceAll('<', '&lt;');

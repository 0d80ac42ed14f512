import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DefaultTheme } from 'vitepress';

const docs = join(import.meta.dirname, '..');

/** A folder as a sidebar group: its index page is the group's own link, the rest follow by `order`, then by file name. */
export function folder(path: string, text: string): DefaultTheme.SidebarItem {
  const pages = readdirSync(join(docs, path))
    .filter((name) => name.endsWith('.md') && name !== 'index.md')
    .map((name) => ({ name, ...describe(join(docs, path, name)) }))
    .sort((a, b) => a.order - b.order || a.name.localeCompare(b.name));
  const overview = existsSync(join(docs, path, 'index.md')) ? [{ text: 'Overview', link: `/${path}/` }] : [];
  const items = pages.map(({ name, title }) => ({
    text: title,
    link: `/${path}/${name.slice(0, -'.md'.length)}`,
  }));
  return { text, items: [...overview, ...items] };
}

/** What typedoc left beside the pages it generated; before its first run the reference is just empty. */
export function apiPages(): DefaultTheme.SidebarItem[] {
  const path = join(docs, 'reference/api/typedoc-sidebar.json');
  if (!existsSync(path)) return [];
  const pages: DefaultTheme.SidebarItem[] = JSON.parse(readFileSync(path, 'utf8'));
  return pages;
}

function describe(path: string): { title: string; order: number } {
  const text = readFileSync(path, 'utf8');
  const title = /^# (.+)$/m.exec(text)?.[1] ?? path;
  const order = /^---\n[^]*?^order: (\d+)$[^]*?^---$/m.exec(text)?.[1];
  return {
    title: title.replaceAll('`', ''),
    order: order === undefined ? Number.MAX_SAFE_INTEGER : Number(order),
  };
}

import { limits } from '@parley/hub-protocol';

/** A handle that suits a name; empty where no letter of it can stand in one. */
export function handleOf(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\s_]+/gu, '-')
    .replaceAll(/[^a-z0-9._-]/gu, '')
    .replace(/^[._-]+/u, '')
    .slice(0, limits.handle)
    .replace(/[._-]+$/u, '');
}

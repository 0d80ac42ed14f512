import type { AuditEntry } from '../values/audit.ts';

/** What stands before the first seal. */
export const firstSeal = '0'.repeat(64);

/** The seal of an entry: it depends on every entry before it. */
export async function sealOf(before: string, seq: number, entry: AuditEntry): Promise<string> {
  const { id, at, action, actorId, via, address, subjectId, channelId, details } = entry;
  const text = canonical([before, seq, id, at, action, actorId, via, address, subjectId, channelId, details]);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** JSON with the keys of objects in order: a database, and whoever copies a file, may give them in another one. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`);
  return `{${fields.join(',')}}`;
}

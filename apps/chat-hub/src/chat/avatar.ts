import { createHash } from 'node:crypto';

/** A picture for who has none: the same one for the same id on every node, told apart by form and colour. Agents are square, people round. */
export function avatarOf(id: string, kind: 'person' | 'agent'): string {
  const hash = createHash('sha256').update(id).digest();
  const at = (i: number): number => hash[i] ?? 0;
  const hue = Math.round((at(0) * 360) / 256);
  // A mirrored field of five by five.
  const cells: string[] = [];
  for (let y = 0; y < 5; y += 1) {
    for (let x = 0; x < 3; x += 1) {
      if ((at(1 + y * 3 + x) & 1) === 0) continue;
      for (const column of new Set([x, 4 - x])) cells.push(`M${14 + column * 12} ${14 + y * 12}h12v12h-12z`);
    }
  }
  const corner = kind === 'agent' ? 18 : 44;
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 88 88" width="88" height="88">' +
    `<rect width="88" height="88" rx="${corner}" fill="hsl(${hue} 45% 90%)"/>` +
    `<path fill="hsl(${hue} 55% 38%)" d="${cells.join('')}"/></svg>`
  );
}

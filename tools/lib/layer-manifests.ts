import { hasHome, homes } from './floors.ts';
import { isRecord } from './json.ts';
import { arrowProblem, type Placed, type Violation } from './layer-rules.ts';
import { dependencyKinds, type DependencyKind } from './workspaces.ts';

/** What a package.json declares, held against the same arrows as the imports. */
export function manifestViolations(room: Placed, rooms: readonly Placed[]): Violation[] {
  const where = `${room.folder}/package.json`;
  const ours = new Map(rooms.map((other) => [other.name, other]));
  const declared = dependencyKinds.flatMap((kind) =>
    Object.keys(room.dependencies[kind]).flatMap((name) => {
      const to = ours.get(name);
      return to ? arrows(room, to, kind) : drivers(room, name);
    }),
  );
  return [...declared, ...(room.publishable ? exportViolations(room) : [])].map((found) => ({
    ...found,
    where,
  }));
}

type Finding = Omit<Violation, 'where'>;

function arrows(room: Placed, to: Placed, kind: DependencyKind): Finding[] {
  const message = arrowProblem(room, to, kind === 'devDependencies');
  if (message) return [{ rule: 'arrow', message: `${message} (${kind})` }];
  if (room.floor !== 'adapter' || kind === 'devDependencies') return [];
  // A team that needs one port must not get the packages of all the others.
  const optional = kind === 'peerDependencies' && room.optionalPeers.has(to.name);
  if (to.floor === 'domain' && !optional)
    return [{ rule: 'adapter-peers', message: `${to.name} must be an optional peer of an adapter` }];
  if (to.floor === 'core' && (kind !== 'peerDependencies' || optional))
    return [{ rule: 'adapter-peers', message: `${to.name} must be a required peer of an adapter` }];
  return [];
}

function drivers(room: Placed, name: string): Finding[] {
  if (hasHome(name, room.name, room.floor)) return [];
  return [{ rule: 'home', message: homeMessage(name) }];
}

export function homeMessage(name: string): string {
  const home = homes[name];
  const places = [...(home?.packages ?? []), ...(home?.floors ?? []).map((floor) => `floor ${floor}`)];
  return `"${name}" belongs to ${places.join(', ')} only`;
}

function exportViolations(room: Placed): Finding[] {
  return Object.entries(room.exports).flatMap(([entry, target]) => {
    const rule = 'exports';
    if (entry.includes('*') || JSON.stringify(target).includes('*'))
      return [{ rule, message: `"${entry}" is a wildcard; name every entry` }];
    if (entry.endsWith('.json')) return [];
    const conditions = isRecord(target) ? Object.keys(target).join(', ') : String(target);
    if (conditions === '@parley/source, types, default') return [];
    return [
      { rule, message: `"${entry}" must have the conditions @parley/source, types, default in this order` },
    ];
  });
}

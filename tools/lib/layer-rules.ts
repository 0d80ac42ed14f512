import { core, folderOf, mayImport, mayImportOnly, type Floor } from './floors.ts';
import type { Room } from './house.ts';

export interface Violation {
  readonly rule: string;
  /** A file with its line, or a package.json. */
  readonly where: string;
  readonly message: string;
}

/** A room whose floor is known: the others are reported once, by their tags. */
export interface Placed extends Room {
  readonly floor: Floor;
}

export function placedRooms(rooms: readonly Room[]): Placed[] {
  return rooms.flatMap((room) => {
    const [floor, ...more] = room.floors;
    return floor && more.length === 0 ? [{ ...room, floor }] : [];
  });
}

export function tagViolations(rooms: readonly Room[]): Violation[] {
  return rooms.flatMap((room) => {
    const where = `${room.folder}/package.json`;
    if (room.unknownFloors.length > 0)
      return [{ rule: 'floor-tag', where, message: `"floor:${room.unknownFloors[0]}" is no floor` }];
    const [floor, ...more] = room.floors;
    if (!floor || more.length > 0) {
      const message = `needs exactly one "floor:..." tag under nx.tags, has ${room.floors.length}`;
      return [{ rule: 'floor-tag', where, message }];
    }
    if (folderOf[floor].test(room.folder)) return [];
    return [{ rule: 'floor-tag', where, message: `a package of floor "${floor}" does not live here` }];
  });
}

/** Why `from` may not name `to`, or undefined when it may. */
export function arrowProblem(from: Placed, to: Placed, inTest: boolean): string | undefined {
  if (from.name === to.name || (to.floor === 'tool' && inTest)) return undefined;
  const arrow = `${from.name} (${from.floor}) may not import ${to.name} (${to.floor})`;
  if (to.floor === 'tool' && !mayImport[from.floor].includes('tool'))
    return `${arrow}: tools are for development, only tests may use them`;
  if (!mayImport[from.floor].includes(to.floor))
    return `${arrow}: ${from.floor} imports ${mayImport[from.floor].join(', ') || 'no package of ours'}`;
  const only = mayImportOnly[from.name];
  if (only && !only.includes(to.name) && to.floor !== 'tool') return `${arrow}: only ${only.join(', ')}`;
  return undefined;
}

export function isTypeOnlyArrow(from: Placed, to: Placed): boolean {
  return from.floor === 'adapter' && (to.floor === 'domain' || to.name === core);
}

/** Arrows that only Nx knows of: implicit dependencies, files that are no program. */
export function graphViolations(rooms: readonly Placed[], reported: readonly Violation[]): Violation[] {
  const byName = new Map(rooms.map((room) => [room.name, room]));
  return rooms.flatMap((from) =>
    from.arrows.flatMap((name) => {
      const to = byName.get(name);
      // Tests count for Nx too, and what tests may do is judged file by file.
      const message = to && arrowProblem(from, to, true);
      if (!message || reported.some((violation) => violation.message === message)) return [];
      return [{ rule: 'arrow', where: `${from.folder} (nx graph)`, message }];
    }),
  );
}

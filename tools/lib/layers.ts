import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { roomsOf } from './house.ts';
import { importsOf } from './imports.ts';
import type { JsonRecord } from './json.ts';
import { importViolations, type SourceFile } from './layer-imports.ts';
import { manifestViolations } from './layer-manifests.ts';
import { graphViolations, placedRooms, tagViolations, type Placed, type Violation } from './layer-rules.ts';
import { sourceFiles } from './sources.ts';

/** Everything in the workspace at `root` that breaks the floors of the house, by the Nx graph and the sources. */
export function layerViolations(root: string, graph: JsonRecord): Violation[] {
  const rooms = roomsOf(root, graph);
  // The pages of an app live within its folder: a file belongs to the innermost one.
  const placed = placedRooms(rooms).toSorted((a, b) => b.folder.length - a.folder.length);
  const files = programsOf(root, placed);
  const reported = [
    ...tagViolations(rooms),
    ...placed.flatMap((room) => manifestViolations(room, placed)),
    ...files.flatMap((file) => importViolations(file, placed)),
  ];
  return [...reported, ...graphViolations(placed, reported)];
}

/** The scripts beside the tools belong to no workspace of their own, and are tools. */
const outside: Placed = {
  name: '(root)',
  version: '0.0.0',
  folder: '.',
  publishable: false,
  exports: {},
  dependencies: { dependencies: {}, peerDependencies: {}, optionalDependencies: {}, devDependencies: {} },
  optionalPeers: new Set(),
  floors: ['tool'],
  floor: 'tool',
  unknownFloors: [],
  arrows: [],
};

function programsOf(root: string, rooms: readonly Placed[]): SourceFile[] {
  return sourceFiles(root, '.').map((path) => ({
    path,
    room: rooms.find((room) => path.startsWith(`${room.folder}/`)) ?? outside,
    imports: importsOf(path, readFileSync(join(root, path), 'utf8')),
  }));
}

import { join } from 'node:path';
import { isFloor, type Floor } from './floors.ts';
import { isRecord, stringsIn, type JsonRecord } from './json.ts';
import { run } from './run.ts';
import { withScratch } from './scratch.ts';
import { readJson, readWorkspace, type Workspace } from './workspaces.ts';

/** One workspace as the Nx graph knows it. */
export interface Room extends Workspace {
  readonly floors: readonly Floor[];
  /** Floor tags that name no floor. */
  readonly unknownFloors: readonly string[];
  /** Names of the workspaces that Nx saw it depend on. */
  readonly arrows: readonly string[];
}

/** Asks Nx for the graph of the workspace at `root`. */
export async function readGraph(root: string): Promise<JsonRecord> {
  const graph = await withScratch('graph', async (folder) => {
    const file = join(folder, 'graph.json');
    const { code, output } = await run('nx', ['graph', `--file=${file}`], { cwd: root });
    if (code !== 0) throw new Error(`nx graph failed:\n${output}`);
    return readJson(file)['graph'];
  });
  if (!isRecord(graph)) throw new Error('nx graph wrote something that is no graph');
  return graph;
}

/** All workspaces with the tags and arrows that an Nx graph gives them. */
export function roomsOf(root: string, { nodes, dependencies }: JsonRecord): Room[] {
  if (!isRecord(nodes) || !isRecord(dependencies)) throw new Error('a graph has nodes and dependencies');
  return Object.entries(nodes).map(([name, node]) => {
    const data = isRecord(node) && isRecord(node['data']) ? node['data'] : {};
    const tags = stringsIn(data['tags']).filter((tag) => tag.startsWith('floor:'));
    const named = tags.map((tag) => tag.slice('floor:'.length));
    return {
      ...readWorkspace(root, String(data['root'])),
      floors: named.filter(isFloor),
      unknownFloors: named.filter((floor) => !isFloor(floor)),
      arrows: targets(dependencies[name]).filter((target) => target in nodes),
    };
  });
}

function targets(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((arrow) => (isRecord(arrow) ? [String(arrow['target'])] : []));
}

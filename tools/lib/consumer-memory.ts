import { createHash } from 'node:crypto';
import { globSync, mkdirSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closureOf } from './consumer-closure.ts';
import type { Shelf } from './consumer.ts';
import { repository } from './run.ts';

/** Remembers by content which packages were consumed well, so that a second check takes no time. */
export class ConsumerMemory {
  readonly #folder: string;
  readonly #tools: string;

  constructor(folder = join(repository, 'node_modules/.cache/parley-consumer')) {
    this.#folder = folder;
    const inputs = [
      'package-lock.json',
      ...globSync('tools/{consumer,lib/{consumer*,pack*,entries,floors,run}}.ts', {
        cwd: repository,
      }).toSorted(),
    ];
    const hash = createHash('sha256');
    for (const path of inputs) hash.update(readFileSync(join(repository, path)));
    this.#tools = hash.digest('hex');
  }

  knows(name: string, shelf: Shelf): boolean {
    return existsSync(this.#file(name, shelf));
  }

  remember(name: string, shelf: Shelf): void {
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(this.#file(name, shelf), `${name}\n`);
  }

  #file(name: string, shelf: Shelf): string {
    const hash = createHash('sha256').update(this.#tools).update(name);
    for (const part of closureOf(name, shelf.workspaces, true))
      hash.update(shelf.tarballs.get(part)?.integrity ?? part);
    return join(this.#folder, hash.digest('hex'));
  }
}

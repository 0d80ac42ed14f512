import { openLibrary } from '../cache/libraries/library.ts';
import type { LibraryName, Wish } from '../cache/libraries/library.ts';
import type { ActorReply, ActorRequest } from './actor.ts';

const { library, wish }: { library: LibraryName; wish: Wish } = JSON.parse(process.argv[2] ?? '{}');
const cache = await openLibrary(library, wish);

async function act(request: ActorRequest): Promise<ActorReply> {
  try {
    if (request.call === 'set') await cache.set(request.key, request.value, request.options);
    else await cache.invalidateTag?.(request.tag);
    return {};
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

process.on('message', (request: ActorRequest) => {
  void act(request).then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit(0));
process.send?.({} satisfies ActorReply);

import type { HubOptions } from '@parley/hub-client';
import type { FakeHub } from './fake-hub.ts';

interface Around {
  readonly before?: (address: string) => void;
  /** Done before the answer comes. */
  readonly after?: (address: string) => Promise<void> | void;
}

/** The requests of a client, with something done around each. */
export function answering(fake: FakeHub, { before, after }: Around): Required<Pick<HubOptions, 'fetch'>> {
  return {
    fetch: async (input, init) => {
      const { href } = new URL(input instanceof Request ? input.url : input);
      before?.(href);
      const response = await fake.fetch(input, init);
      await after?.(href);
      return response;
    },
  };
}

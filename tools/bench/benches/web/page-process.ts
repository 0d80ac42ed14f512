import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Subject } from '../../src/scenario.ts';

const program = fileURLToPath(new URL('../../../../apps/chat-hub/test/measure/main.ts', import.meta.url));

interface Answer {
  readonly ready?: boolean;
  readonly figures?: Readonly<Record<string, number>>;
  readonly error?: string;
}

/** A browser before a hub, both in processes of their own, of which one thing is measured. */
export function inBrowser(name: string): Subject {
  return async ({ quick }) => {
    const child = fork(program, [name, ...(quick ? ['quick'] : [])], {
      execArgv: ['--conditions=@parley/source'],
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    });
    const gone = once(child, 'exit').then(() => Promise.reject(new Error(`what measures ${name} ended`)));
    // Whoever waits for an answer hears of it.
    gone.catch(() => {});
    const answer = async (): Promise<Answer> => {
      const [message]: unknown[] = await Promise.race([once(child, 'message'), gone]);
      return Object(message);
    };
    const { ready } = await answer();
    if (ready !== true) throw new Error(`what measures ${name} is not ready`);
    let last: Readonly<Record<string, number>> = {};
    return {
      async op() {
        child.send('measure');
        const { figures, error } = await answer();
        if (figures === undefined) throw new Error(error ?? 'nothing was measured');
        const { value = Number.NaN, ...rest } = figures;
        last = rest;
        return value;
      },
      figures: () => last,
      async teardown() {
        const end = once(child, 'exit');
        child.disconnect();
        await end;
      },
    };
  };
}

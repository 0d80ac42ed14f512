import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Order, Server } from '../programs/limited.ts';

const said = z.object({
  answer: z.unknown().optional(),
  error: z.string().optional(),
  lost: z.string().optional(),
});

/** A process of its own, that carries out orders and answers them in their order. */
export interface Party {
  ask(order: Order): Promise<unknown>;
  /** The codes of the errors that told it that slots of its were lost. */
  lost(): readonly string[];
  kill(signal: NodeJS.Signals): void;
  end(): Promise<void>;
}

export interface StartPartyOptions {
  readonly servers: Readonly<Record<string, Server>>;
  readonly skewMs: number;
  /** Whether it answers for itself what the store has denied, for a while. */
  readonly remembers: boolean;
}

export async function startParty({ servers, skewMs, remembers }: StartPartyOptions): Promise<Party> {
  const script = fileURLToPath(new URL('../programs/limited.ts', import.meta.url));
  const child: ChildProcess = fork(script, [JSON.stringify(servers), remembers ? 'remembers' : 'forgets'], {
    execArgv: ['--conditions=@parley/source', '--disable-warning=ExperimentalWarning'],
    env: { PATH: process.env['PATH'], SKEW_MS: String(skewMs) },
  });
  const asked: PromiseWithResolvers<unknown>[] = [];
  const lost: string[] = [];
  child.on('message', (message) => {
    const words = said.parse(message);
    if (words.lost !== undefined) lost.push(words.lost);
    else if (words.error === undefined) asked.shift()?.resolve(words.answer);
    else asked.shift()?.reject(new Error(words.error));
  });
  const ended = once(child, 'exit').then(() => {
    for (const one of asked.splice(0)) one.reject(new Error('the process has ended'));
  });
  const next = (): Promise<unknown> => {
    const answer = Promise.withResolvers<unknown>();
    asked.push(answer);
    return answer.promise;
  };
  await next();
  return {
    ask: (order) => {
      const answer = next();
      child.send(order);
      return answer;
    },
    lost: () => lost,
    kill: (signal) => void child.kill(signal),
    async end() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

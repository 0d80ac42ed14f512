import { readMetrics } from '@parley/hub-client/admin';
import { useEffect, useState } from 'react';
import { url } from '../../hub/sign-in.ts';
import { pointOf, readFigures, type Figures, type Point } from './figures.ts';

const everyMs = 3_000;
export const shownMs = 300_000;
/** Parts are taken of what came within about half a minute. */
const partMs = 30_000;

interface NodeFigures {
  readonly latest: Figures;
  readonly figures: readonly Figures[];
  readonly points: readonly Point[];
}

export interface Watched {
  /** By the name of the node: the one that answers may be another one each time. */
  readonly nodes: ReadonlyMap<string, NodeFigures>;
  /** Why there is nothing newer. */
  readonly error: unknown;
}

/** What nodes tell, every few seconds; not while nobody looks. */
export function useFigures(paused: boolean): Watched {
  const [nodes, setNodes] = useState<ReadonlyMap<string, NodeFigures>>(new Map());
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    if (paused) return undefined;
    const over = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asking = false;
    const ask = async (): Promise<void> => {
      if (asking || document.hidden) return;
      asking = true;
      clearTimeout(timer);
      const signal = AbortSignal.any([over.signal, AbortSignal.timeout(10_000)]);
      try {
        const text = await readMetrics({ url, signal });
        if (over.signal.aborted) return;
        setNodes((known) => withFigures(known, readFigures(text, performance.now())));
        setError(undefined);
      } catch (failure) {
        if (over.signal.aborted) return;
        setError(failure);
      } finally {
        asking = false;
      }
      timer = setTimeout(() => void ask(), everyMs);
    };
    const look = (): void => void ask();
    document.addEventListener('visibilitychange', look);
    void ask();
    return () => {
      over.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [paused]);
  return { nodes, error };
}

function withFigures(
  known: ReadonlyMap<string, NodeFigures>,
  now: Figures,
): ReadonlyMap<string, NodeFigures> {
  const node = known.get(now.node);
  const since = now.at - shownMs;
  const before = node?.figures.filter(({ at }) => at >= since) ?? [];
  const earlier = before.find(({ at }) => at >= now.at - partMs);
  const point = pointOf(now, before.at(-1), earlier);
  const points = [...(node?.points.filter(({ at }) => at >= since) ?? []), point];
  return new Map(known).set(now.node, { latest: now, figures: [...before, now], points });
}

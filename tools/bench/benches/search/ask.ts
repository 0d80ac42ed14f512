import type { Subject } from '../../src/scenario.ts';
import { HttpClient } from '../hub/http.ts';
import { openCorpus, type Readers } from './corpus.ts';

const perRound = 60;

/** What people may ask, another one each time, from the whole word to what is asked for. */
export type Questions = (nth: number) => string;

/** One who searches over HTTP, page after page of 20; by what 19 of 20 searches took at most. */
export function searches(questions: Questions, reader: keyof Readers = 'everywhere'): Subject {
  return async ({ url }) => {
    const { program, readers } = await openCorpus(url('postgres'));
    const client = new HttpClient(program.url);
    const headers = { authorization: `Bearer ${readers[reader]}` };
    let figures: Record<string, number> = {};
    let asked = 0;
    return {
      async op() {
        const took: number[] = [];
        let found = 0;
        for (let i = 0; i < perRound; i += 1) {
          const path = `/api/v1/search?limit=20&query=${encodeURIComponent(questions((asked += 1)))}`;
          const from = performance.now();
          const { body } = await client.ask({ method: 'GET', path, headers });
          took.push(performance.now() - from);
          const { items }: { items?: readonly unknown[] } = Object(body);
          found += items?.length ?? 0;
        }
        took.sort((a, b) => a - b);
        const at = (share: number): number => took[Math.ceil(took.length * share) - 1] ?? Number.NaN;
        figures = { p50: at(0.5), p95: at(0.95), max: at(1), found: found / perRound };
        return at(0.95);
      },
      figures: () => figures,
      async teardown() {
        client.close();
        await program.stop();
      },
    };
  };
}

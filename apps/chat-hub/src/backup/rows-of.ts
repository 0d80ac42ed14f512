import type { Param, Session, TextRow } from '@parley/runtime';

/** So many at a time are in memory. */
const atOnce = 200;

/** The rows of a question, however many, within a transaction. */
export async function* rowsOf(
  session: Session,
  question: string,
  params: readonly Param[] = [],
): AsyncGenerator<readonly TextRow[]> {
  const operation = 'reading a table';
  await session.query({ text: `declare kept no scroll cursor for ${question}`, operation }, params);
  for (;;) {
    const { rows } = await session.query({ text: `fetch forward ${atOnce} from kept`, operation });
    if (rows.length > 0) yield rows;
    if (rows.length < atOnce) break;
  }
  await session.query({ text: 'close kept', operation });
}

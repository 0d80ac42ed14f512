import { sentenceOf } from '../../hub/problem.ts';
import { Notice } from '../../ui/notice.tsx';
import type { List } from './use-list.ts';

/** What stands where a list would, while there is none. */
export function ListState({ list, empty }: { readonly list: List<unknown>; readonly empty: string }) {
  const { items, error, read } = list;
  if (error !== undefined)
    return (
      <Notice tone="bad" action={{ label: 'Try again', onClick: () => void read() }}>
        {sentenceOf(error)}
      </Notice>
    );
  if (items === undefined) return <div className="panel-waiting" role="status" aria-label="Loading" />;
  return items.length === 0 ? <p className="settings-about">{empty}</p> : null;
}

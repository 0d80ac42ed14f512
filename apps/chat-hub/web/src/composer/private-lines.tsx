import { later } from '../ui/later.tsx';
import { commandLines } from './command-lines.ts';

const List = later(() => import('./private-line-list.tsx').then((part) => part.PrivateLineList));

/** What commands answered to who typed them. It stays until it is closed. */
export function PrivateLines({ channelId }: { readonly channelId: string }) {
  const lines = commandLines.use();
  return (
    <div className="private-lines" role="status">
      {lines.length > 0 && <List channelId={channelId} lines={lines} />}
    </div>
  );
}

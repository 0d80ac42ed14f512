import { useHub, useHubState } from '../hub/context.ts';
import { Button } from '../ui/button.tsx';

/** Tells that what is seen may be outdated, for as long as that is so. */
export function Banner() {
  const hub = useHub();
  const connection = useHubState((state) => state.connection);
  if (connection.phase !== 'waiting') return null;
  return (
    <div className="banner" role="status">
      Not connected. Messages wait here until there is a connection again.{' '}
      <Button onClick={hub.connect}>Connect now</Button>
    </div>
  );
}

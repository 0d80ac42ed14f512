import { lazy, Suspense } from 'react';

const Parts = lazy(() =>
  import('./notifier-parts.tsx').then(({ NotifierParts }) => ({ default: NotifierParts })),
);

/** Tells of what is said while somebody looks elsewhere. Nobody waits for it. */
export function Notifier() {
  return (
    <Suspense fallback={null}>
      <Parts />
    </Suspense>
  );
}

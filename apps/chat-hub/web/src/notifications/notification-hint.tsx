import { lazy, Suspense } from 'react';

const Parts = lazy(() => import('./hint-parts.tsx').then(({ HintParts }) => ({ default: HintParts })));

/** Once, to who has missed something: that they can be told. */
export function NotificationHint() {
  return (
    <Suspense fallback={null}>
      <Parts />
    </Suspense>
  );
}

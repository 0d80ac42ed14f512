import { callAny } from '../hub/call-any.ts';
import { useToasts } from '../ui/toasts.tsx';
import { useWork } from '../ui/use-work.ts';

/** Lets agents write again. */
export function useUnfreeze(channelId: string) {
  const toasts = useToasts();
  return useWork(() =>
    callAny('unfreezeChannel', { params: { channelId } }).then(
      () => toasts.say('Agents may write again.'),
      toasts.fail,
    ),
  );
}

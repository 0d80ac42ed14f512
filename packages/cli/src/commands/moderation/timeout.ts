import { usageError } from '../../cli-error.ts';
import { defineCommand, type AnyCommand } from '../../command.ts';
import { userCalled } from '../../resolve/user.ts';
import { seconds, timeSpan } from '../../time-span.ts';
import { shownTime } from '../../times.ts';
import type { Noun } from '../people/noun.ts';

export function timeoutOf({ group, kind, one, handle }: Noun): AnyCommand {
  return defineCommand({
    path: [group, 'timeout'],
    summary: `Lets ${one} do nothing but read, in the whole workspace, for a time`,
    args: [
      { name: 'handle', summary: 'Whom' },
      { name: 'time', summary: 'Such as 10m, 12h or 2d, or off to end it' },
    ],
    options: { reason: { type: 'text', value: 'TEXT', summary: 'Why, for the audit log' } },
    examples: [
      { line: `parley ${group} timeout ${handle} 1h --reason "Off topic, again"`, says: 'For an hour' },
      { line: `parley ${group} timeout ${handle} off`, says: 'It was enough' },
    ],
    async run({ out, hub }, { args, options: { reason } }) {
      const isOff = args.time === 'off';
      if (isOff && reason !== undefined) throw usageError('--reason is for a time-out that begins');
      const span = isOff ? 0 : seconds(timeSpan('TIME', args.time));
      const { call } = await hub();
      const { id } = await userCalled(call, args.handle, kind);
      const params = { userId: id };
      const user = isOff
        ? await call('endTimeout', { params })
        : await call('timeOutUser', {
            params,
            body: { seconds: span, ...(reason !== undefined && { reason }) },
          });
      await out.result(user);
      const until = user.timeoutUntil ?? null;
      out.note(
        until === null
          ? `${user.handle} does what they may again.`
          : `${user.handle} only reads until ${shownTime(until)}.`,
      );
    },
  });
}

import { isHubError, type Found } from '@parley/hub-protocol';
import { useEffect, useState } from 'react';
import { jumpTo, linkTo } from '../channel/jump.ts';
import { useBriefMoment } from '../channel/times.ts';
import { useHubState, useUser } from '../hub/context.ts';
import { nameOf, titleOf } from '../hub/names.ts';
import { sentenceOf } from '../hub/problem.ts';
import { fullTimeOf } from '../preferences/times.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { isUnclear, type SearchState } from './use-search.ts';

export function SearchResults({ search, query }: { readonly search: SearchState; readonly query: string }) {
  const { found, more, busy, error, further } = search;
  return (
    <>
      <p className="quiet" role="status">
        {busy ? 'Searching' : found.length === 1 ? '1 message found' : `${found.length} messages found`}
      </p>
      <ol className="found-list">
        {found.map((one) => (
          <FoundMessage key={one.message.id} found={one} />
        ))}
      </ol>
      {busy && <div className="panel-waiting" aria-hidden />}
      {error !== undefined && <SearchProblem error={error} onAgain={further} />}
      {!busy && error === undefined && found.length === 0 && (
        <Notice>
          {more ? (
            <>
              Nothing for “<bdi>{query}</bdi>” among the latest messages.
            </>
          ) : (
            <>
              No message has “<bdi>{query}</bdi>”. Try fewer words, or the beginning of one, like{' '}
              <code>deplo*</code>.
            </>
          )}
        </Notice>
      )}
      {!busy && error === undefined && more && <Button onClick={further}>Search further back</Button>}
      {!busy && error === undefined && !more && found.length > 0 && (
        <p className="search-end">That is all of it.</p>
      )}
    </>
  );
}

/** What went wrong, with the time that is left until the hub searches again. */
function SearchProblem({ error, onAgain }: { readonly error: unknown; readonly onAgain: () => void }) {
  const limited = isHubError(error) ? (error.retryAfter ?? 0) : 0;
  const left = useSecondsLeft(error, limited);
  if (isUnclear(error)) return <Notice tone="bad">{sentenceOf(error)}.</Notice>;
  if (left > 0)
    return <Notice tone="bad">The hub takes no more searches just now. Try again in {left} s.</Notice>;
  const action = { label: 'Try again', onClick: onAgain };
  return (
    <Notice tone="bad" action={action}>
      {limited > 0 ? 'The hub searches again.' : sentenceOf(error)}
    </Notice>
  );
}

function useSecondsLeft(error: unknown, ms: number): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const until = Date.now() + ms;
    const look = (): void => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1_000)));
    look();
    const timer = setInterval(look, 500);
    return () => clearInterval(timer);
  }, [error, ms]);
  return left;
}

function FoundMessage({ found: { message, snippet } }: { readonly found: Found }) {
  const sender = useUser(message.senderId);
  const where = useHubState((state) => {
    const channel = state.channels.get(message.channelId)?.channel;
    if (channel === undefined) return 'a channel that you are not in';
    return channel.name === null ? titleOf(channel, state) : `#${channel.name}`;
  });
  const brief = useBriefMoment();
  const at = message.timestamp;
  return (
    <li>
      <a
        className="found"
        href={linkTo(message)}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          jumpTo(message);
        }}
      >
        <span className="found-head">
          <Avatar userId={message.senderId} size={22} />
          <b>
            <bdi>{message.senderId === null ? 'Parley' : nameOf(sender)}</bdi>
          </b>
          <time dateTime={new Date(at).toISOString()} title={fullTimeOf(at)}>
            {brief(at)}
          </time>
        </span>
        <span className="found-text" dir="auto">
          {snippet.length === 0 ? <em>without text</em> : snippet.map(showPart)}
        </span>
        <span className="found-where">
          <bdi>{where}</bdi>
          {message.threadId !== null && ' · in a thread'}
          {message.files &&
            message.files.length > 0 &&
            ` · ${message.files.length} file${message.files.length === 1 ? '' : 's'}`}
        </span>
      </a>
    </li>
  );
}

/** Of Markdown, what only disturbs in the middle of a text: emphasis, fences, and the line below the head of a table. */
const signs = /\*\*|~~|`{3}|\|(?:\s*:?-{2,}:?\s*\|)+/gu;

/** As text, never as anything else: it was written by anybody. */
function showPart({ text, marked }: Found['snippet'][number], at: number) {
  return marked ? <mark key={at}>{text}</mark> : <span key={at}>{text.replaceAll(signs, '')}</span>;
}

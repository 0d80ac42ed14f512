import { ChannelView, type PresenceListener, type Roster } from './channel-view.ts';
import type { Followers } from './followers.ts';
import { memberOf } from './member.ts';
import { placeOf } from './names.ts';
import type { PresenceSettings } from './options.ts';
import type { StatusBook } from './status-book.ts';
import { watchOf, type Watch } from './watch.ts';

interface Shared {
  readonly view: ChannelView;
  readonly release: () => void;
  watches: number;
}

/** The channels that somebody in this process watches, each once. */
export class ChannelViews {
  readonly #settings: PresenceSettings;
  readonly #followers: Followers;
  readonly #book: StatusBook;
  readonly #shared = new Map<string, Shared>();

  constructor(settings: PresenceSettings, followers: Followers, book: StatusBook) {
    this.#settings = settings;
    this.#followers = followers;
    this.#book = book;
  }

  watch(channel: string, listener: PresenceListener): Watch<Roster> {
    const { clock, withinMs } = this.#settings;
    const place = placeOf.channel(channel);
    const shared = this.#shared.get(place) ?? this.#open(place);
    shared.watches += 1;
    const end = shared.view.listen(listener);
    let open = true;
    return watchOf({
      clock,
      withinMs,
      ready: () => shared.view.ready,
      current: () => shared.view.roster,
      close: () => {
        if (!open) return;
        open = false;
        end();
        this.#release(place, shared);
      },
    });
  }

  async roster(channel: string): Promise<Roster> {
    const place = placeOf.channel(channel);
    const watched = this.#shared.get(place)?.view;
    if (watched?.known === true) return watched.roster;
    const { largeAbove, sample } = this.#settings;
    const [view] = await Promise.all([
      this.#followers.read({ channel: place, limit: largeAbove }),
      this.#book.ready(),
    ]);
    const { members = [], users, entries, epoch, top } = view;
    const complete = users <= largeAbove;
    const listed = (complete ? members : members.slice(0, sample)).flatMap(
      (stored) => memberOf(stored, stored.user, this.#book.of(stored.user)) ?? [],
    );
    return {
      members: listed,
      users: complete ? listed.length : users,
      connections: entries,
      complete,
      stale: this.#book.stale,
      position: { epoch, offset: top },
    };
  }

  close(): void {
    for (const { view, release } of this.#shared.values()) {
      view.close();
      release();
    }
    this.#shared.clear();
  }

  #open(place: string): Shared {
    const { follower, release } = this.#followers.follow(place);
    const shared: Shared = { view: new ChannelView(follower, this.#book), release, watches: 0 };
    this.#shared.set(place, shared);
    return shared;
  }

  #release(place: string, shared: Shared): void {
    shared.watches -= 1;
    if (shared.watches > 0 || this.#shared.get(place) !== shared) return;
    this.#shared.delete(place);
    shared.view.close();
    shared.release();
  }
}

const actions: Readonly<Record<string, string>> = {
  change: 'Changes',
  connect: 'Connecting',
  message: 'Messages',
  reaction: 'Reactions',
  read: 'Reading',
  search: 'Searches',
  stream: 'Streaming',
  typing: 'Typing',
  upload: 'Uploads',
  sockets: 'Connections',
  address: 'Requests',
  'sign-in': 'Signing in',
};

const whose: Readonly<Record<string, string>> = {
  person: 'each person',
  agent: 'each agent',
  admin: 'each administrator',
  address: 'each address',
  handle: 'each handle',
};

const doors: Readonly<Record<string, readonly [what: string, who: string]>> = {
  address: ['Requests', 'each address'],
  'address.connect': ['Connecting', 'each address'],
  'address.sockets': ['Connections', 'each address'],
  'sign-in': ['Signing in', 'each handle from one address'],
  'sign-in.address': ['Signing in', 'each address'],
  'sign-in.handle': ['Signing in', 'each handle'],
};

/** `message.agent`, as people say it. What a later version of the hub has is told by its name. */
export function limitWords(name: string): readonly [what: string, who: string] {
  const door = doors[name];
  if (door !== undefined) return door;
  const [action = name, who = ''] = name.split('.');
  return [actions[action] ?? action, whose[who] ?? who];
}

/** `120 a minute`, `100 at once`. */
export function allowanceOf(limit: number, seconds: number): string {
  const count = limit.toLocaleString();
  if (seconds === 0) return `${count} at once`;
  if (seconds === 60) return `${count} a minute`;
  return seconds % 60 === 0 ? `${count} in ${seconds / 60} min` : `${count} in ${seconds} s`;
}

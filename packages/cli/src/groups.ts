/** What the commands of a group are for. */
export const groups: Readonly<Record<string, string>> = {
  hub: 'Start a hub, and see how one is',
  user: 'People: invite them, change them, take them out',
  agent: 'Agents: make them, change them, take them out',
  token: 'Tokens: what programs prove themselves by',
  session: 'Sessions: the browsers that you are signed in with',
  channel: 'Channels: make them, change them, say who is in them',
};

/** What the commands of a group are for. */
export const groups: Readonly<Record<string, string>> = {
  hub: 'Start a hub, see how one is, back it up, take things in and out',
  user: 'People: invite them, change them, take them out',
  agent: 'Agents: make them, change them, take them out',
  token: 'Tokens: what programs prove themselves by',
  session: 'Sessions: the browsers that you and others are signed in with',
  file: 'Files: upload them, download them, delete them',
  audit: 'The audit log: what was done that somebody may have to answer for',
  webhook: 'Webhooks: other programs write to a channel, or are told what happens there',
  command: 'Commands: what may be typed in a channel as /name, and who answers it',
  channel: 'Channels: make them, change them, say who is in them',
};

/** A key that does something, for the help. `Ctrl` is shown as `⌘` where that is what one presses. */
export interface Key {
  readonly keys: string;
  readonly what: string;
  readonly where: 'Everywhere' | 'Channels' | 'Messages' | 'Writing';
}

/** All of them: what is added to the pages is added here. */
export const keys: readonly Key[] = [
  { keys: 'Ctrl+K', what: 'Go to a channel, a person or an action', where: 'Everywhere' },
  { keys: 'Ctrl+/', what: 'Search messages', where: 'Everywhere' },
  { keys: '?', what: 'Show these keys', where: 'Everywhere' },
  { keys: 'Ctrl+,', what: 'Preferences', where: 'Everywhere' },
  { keys: 'Escape', what: 'Close what is open', where: 'Everywhere' },
  { keys: 'Alt+↑', what: 'Previous channel', where: 'Channels' },
  { keys: 'Alt+↓', what: 'Next channel', where: 'Channels' },
  { keys: 'Alt+Shift+↑', what: 'Previous unread channel', where: 'Channels' },
  { keys: 'Alt+Shift+↓', what: 'Next unread channel', where: 'Channels' },
  { keys: '↑ ↓', what: 'Through the list of channels', where: 'Channels' },
  { keys: '← →', what: 'Fold and unfold a section', where: 'Channels' },
  { keys: '↑ ↓', what: 'From message to message', where: 'Messages' },
  { keys: 'Home End', what: 'To the first and the last message', where: 'Messages' },
  { keys: 'Enter', what: 'To what can be done with the message', where: 'Messages' },
  { keys: 'T', what: 'Open the thread', where: 'Messages' },
  { keys: 'R', what: 'React', where: 'Messages' },
  { keys: 'E', what: 'Edit an own message', where: 'Messages' },
  { keys: 'Delete', what: 'Delete an own message', where: 'Messages' },
  { keys: 'Enter', what: 'Send', where: 'Writing' },
  { keys: 'Shift+Enter', what: 'New line', where: 'Writing' },
  { keys: '↑', what: 'Edit the last own message, where nothing is written', where: 'Writing' },
  { keys: 'Ctrl+B', what: 'Bold', where: 'Writing' },
  { keys: 'Ctrl+I', what: 'Italic', where: 'Writing' },
  { keys: 'Ctrl+E', what: 'Code', where: 'Writing' },
  { keys: 'Ctrl+Shift+E', what: 'Block of code', where: 'Writing' },
  { keys: 'Ctrl+Shift+U', what: 'Link', where: 'Writing' },
  { keys: 'Ctrl+Shift+7', what: 'Numbered list', where: 'Writing' },
  { keys: 'Ctrl+Shift+8', what: 'List', where: 'Writing' },
  { keys: 'Ctrl+Shift+9', what: 'Quote', where: 'Writing' },
  { keys: '@ : / #', what: 'Mention somebody, an emoji, a command, a channel', where: 'Writing' },
];

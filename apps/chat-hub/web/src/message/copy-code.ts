const copiedMs = 2_000;

/** Copies the code that a button stands at, and says so on the button. */
export function copyCode(button: HTMLElement): void {
  const say = (text: string): void => {
    button.textContent = text;
    setTimeout(() => {
      button.textContent = 'Copy';
    }, copiedMs);
  };
  const code = button.closest('.code-block')?.querySelector('code');
  if (code == null) return;
  copy(code.textContent).then(
    () => say('Copied'),
    () => {
      getSelection()?.selectAllChildren(code);
      say('Selected: press Ctrl+C');
    },
  );
}

/** Pages that came over plain http from another machine have no clipboard of the new kind. */
async function copy(text: string): Promise<void> {
  const clipboard: Clipboard | undefined = navigator.clipboard;
  if (clipboard === undefined) throw new Error('the browser gives no clipboard to this page');
  await clipboard.writeText(text);
}

const copiedMs = 2_000;

/** Says on the button whether the code that it stands at was copied. */
export function tellCopied(button: HTMLElement, copied: Promise<void> | undefined): void {
  const say = (text: string): void => {
    button.textContent = text;
    setTimeout(() => {
      button.textContent = 'Copy';
    }, copiedMs);
  };
  const code = button.closest('.code-block')?.querySelector('code');
  if (code == null) return;
  // Pages that came over plain http from another machine have no clipboard: there it is marked, and the keys do it.
  (copied ?? Promise.reject(new Error('the browser gives no clipboard to this page'))).then(
    () => say('Copied'),
    () => {
      getSelection()?.selectAllChildren(code);
      say('Selected: press Ctrl+C');
    },
  );
}

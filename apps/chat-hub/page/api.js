/** Somebody asked for what needs a session, and there is none any more. */
export const signedOut = 'signed-out';

export const find = (id) => document.getElementById(id);

class Refused extends Error {
  constructor(problem) {
    super(problem.detail ?? 'The hub does not answer');
    this.code = problem.code;
  }
}

export async function call(method, path, body) {
  const sent =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(`/api/v1${path}`, { method, ...sent });
  const answer = response.status === 204 ? undefined : await response.json().catch(() => ({}));
  if (response.ok) return answer;
  if (answer?.code === 'UNAUTHENTICATED') dispatchEvent(new Event(signedOut));
  throw new Refused(answer ?? {});
}

export function tell(text) {
  find('notice').textContent = text;
  find('notice').hidden = text === '';
}

/** Runs what somebody asked for by a form or a button; what goes wrong is told where it cannot be missed. */
export function onAsk(element, event, work) {
  element.addEventListener(event, async (happened) => {
    happened.preventDefault();
    tell('');
    const buttons = element.querySelectorAll('button');
    for (const button of buttons) button.disabled = true;
    try {
      await work(element);
    } catch (error) {
      tell(error.message);
    }
    for (const button of buttons) button.disabled = false;
  });
}

/** What is filled in. */
export const filled = (form) =>
  Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));

/** All rows of a list, page by page. */
export async function all(path) {
  const rows = [];
  let cursor = '';
  do {
    const page = await call('GET', `${path}${path.includes('?') ? '&' : '?'}limit=200${cursor}`);
    rows.push(...page.items);
    cursor = page.next === null ? '' : `&cursor=${encodeURIComponent(page.next)}`;
  } while (cursor !== '');
  return rows;
}

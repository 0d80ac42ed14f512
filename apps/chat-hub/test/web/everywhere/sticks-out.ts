import type { Page } from 'playwright-core';

/** What goes to the side on purpose: there it can be scrolled by whoever wants to see it. */
const scrolled = 'pre, .md-table, [role=tablist], .admin-nav';

/** What is cut off or can be reached only by going to the side, each as a line. What ends in dots says so, and what is only heard has no place. */
export function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const found = [];
    const told = (element) => element.tagName.toLowerCase() + '.' + element.className;
    if (document.documentElement.scrollWidth > innerWidth) found.push('the page is wider than the window');
    for (const element of document.querySelectorAll('body *')) {
      if (element.closest(${JSON.stringify(`${scrolled}, .quiet, .skip, svg`)})) continue;
      if (!element.checkVisibility()) continue;
      const { overflowX } = getComputedStyle(element);
      if (/auto|scroll/.test(overflowX) && element.scrollWidth > element.clientWidth + 1)
        found.push(told(element) + ' scrolls to the side');
      const { width, height, left, right } = element.getBoundingClientRect();
      if (width === 0 || height === 0 || (right <= innerWidth + 1 && left >= -1)) continue;
      let meant = false;
      for (let at = element.parentElement; at !== null && !meant; at = at.parentElement) {
        const { textOverflow, visibility, clipPath } = getComputedStyle(at);
        meant = textOverflow === 'ellipsis' || visibility === 'hidden' || clipPath !== 'none';
      }
      if (!meant) found.push(told(element) + ' ends at ' + Math.round(right) + ' of ' + innerWidth);
    }
    return found;
  })()`);
}

/** What holds of every screen in every state: no text is cut, every target can be hit with a glove, axe finds nothing. */
import assert from 'node:assert/strict';
import { axeFaults } from '../axe.ts';
import type { GalleryPage } from './gallery-page.ts';

/** Texts that do not fit their place, where no ellipsis was meant, and anything that makes the page scroll. */
export function cutTexts({ page }: GalleryPage): Promise<string[]> {
  return page.evaluate(() => {
    const shortened =
      '.serial, .step-found, .face-note, .face-name, .header-place *, .person-words *, .unseen, .foot-second *';
    const found: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth || root.scrollHeight > root.clientHeight)
      found.push('the page scrolls');
    for (const element of document.querySelectorAll<HTMLElement>('.screen *')) {
      // A long list scrolls, and so does what stands beside it.
      const scrolls = element.matches(
        '.long-table-scroll, .state-pane, .station-result, .stop-body, .device-panel, .people-one, .settings-body, .setting-members',
      );
      if (scrolls || element.closest(shortened) || !element.innerText?.trim()) continue;
      const { overflowX, overflowY } = getComputedStyle(element);
      const clips = overflowX !== 'visible' || overflowY !== 'visible';
      const cut =
        element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
      if (clips && cut && element.clientWidth > 1)
        found.push(`cut: ${element.className}: ${element.innerText}`);
    }
    for (const part of document.querySelectorAll('.tile')) {
      const tile = part.getBoundingClientRect();
      for (const inner of part.querySelectorAll(
        '.face, .whole, .face-head, .face-foot, .verdict-words > *, .verdict-symbol, .whole > *, .button',
      )) {
        const box = inner.getBoundingClientRect();
        if (inner.closest('.unseen') || box.width === 0) continue;
        if (box.bottom > tile.bottom + 1 || box.top < tile.top - 1 || box.right > tile.right + 1)
          found.push(`outside of its tile: ${inner.className} ${inner.textContent}`);
      }
      const head = part.querySelector('.face-head')?.getBoundingClientRect();
      const words = part.querySelector('.verdict-words')?.getBoundingClientRect();
      const foot = part.querySelector('.face-foot')?.getBoundingClientRect();
      if (head && words && foot && (words.top < head.bottom - 8 || words.bottom > foot.top + 1))
        found.push(`words lie over head or foot: ${part.textContent}`);
    }
    return found;
  });
}

export function smallTargets({ page }: GalleryPage): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, summary')]
      .filter(button => button.checkVisibility())
      .filter(button => {
        const { width, height } = button.getBoundingClientRect();
        return width < 44 || height < 44;
      })
      .map(button => `${button.className} ${button.textContent}`),
  );
}

/** @param what names the state of the screen */
export async function findsNothing({ page }: GalleryPage, what?: string): Promise<void> {
  assert.deepEqual({ what, faults: await axeFaults(page) }, { what, faults: [] });
}

/** All of it, of a screen in the state that `what` names. */
export async function holdsUp(at: GalleryPage, what: string): Promise<void> {
  await findsNothing(at, what);
  const [small, cut] = [await smallTargets(at), await cutTexts(at)];
  assert.deepEqual({ what, small, cut }, { what, small: [], cut: [] });
}

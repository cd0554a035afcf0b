/**
 * The keys of the Station screen besides scans: F1 starts all, or takes what is typed, Page Up opens the work order, Page Down the last results, Esc
 * goes back, Enter acts on the fixture in focus.
 */
import { typedText } from '../scan/typed-text.ts';
import { longestEntry } from './entry-dialog.tsx';
import type { Desk } from './use-desk.ts';

/** Handles one stroke; true if it was used. */
export function keyHandler(desk: Desk, lost: boolean): (event: KeyboardEvent) => boolean {
  return event => {
    switch (event.key) {
      case 'F1':
        // In the field it takes the serial, as Enter does: what is typed there is no fixture's yet.
        if (desk.overlay?.kind === 'entry') desk.submitEntry();
        else desk.startAll();
        return true;
      case 'PageUp':
        if (desk.overlay || lost) return false;
        desk.openOrder();
        return true;
      case 'PageDown':
        if (desk.overlay || lost) return false;
        desk.openResults();
        return true;
      case 'Escape':
        desk.escape();
        return true;
      case 'Enter':
        return desk.enter();
    }
    if (desk.overlay?.kind !== 'entry') return false;
    const text = typedText(desk.overlay.text, event, longestEntry);
    if (text !== undefined) desk.edit(text);
    return text !== undefined;
  };
}

/** The keys of a locked window: a scan is a badge, Enter opens id and PIN, Esc closes what was said; nothing else does anything. */
import { useKeyLayer } from '../scan/key-layers.ts';

interface LockLayerProps {
  readonly onBadge: (text: string) => void;
  readonly onSignIn: () => void;
  readonly onEscape: () => void;
}

export function LockLayer({ onBadge, onSignIn, onEscape }: LockLayerProps) {
  useKeyLayer({
    modal: true,
    badges: true,
    onWedge(event) {
      if (event.kind === 'scan') onBadge(event.text);
      return true;
    },
    onKey(event) {
      const onPage = !document.activeElement?.closest('button');
      if (event.key === 'Escape') onEscape();
      else if (event.key === 'Enter' && onPage) onSignIn();
      else return false;
      return true;
    },
  });
  return null;
}

/** The way from screen to screen: those that the person at the window may see, each with its key. */
import { useTranslation } from 'react-i18next';
import type { WhoView } from '../../src/api/contract.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Lock } from '../parts/symbols.tsx';
import { useKeyLayer } from '../scan/key-layers.ts';
import type { AccessDialog } from './access-dialog.ts';
import { maySee, type Screen } from './screen.ts';
import { screens } from './screens.ts';

interface MenuDialogProps {
  readonly who: WhoView | undefined;
  /** The kiosk can be ended at this window. */
  readonly canEnd: boolean;
  readonly here: Screen;
  readonly onGo: (screen: Screen) => void;
  readonly onLock: () => void;
  readonly onHelp: () => void;
  readonly onOpen: (dialog: AccessDialog) => void;
  readonly onClose: () => void;
}

export function MenuDialog({ who, canEnd, here, onGo, onLock, onHelp, onOpen, onClose }: MenuDialogProps) {
  const { t } = useTranslation();
  const [home] = screens;
  // The keys that its buttons name lead there from here, too; Escape only closes.
  useKeyLayer({
    onKey(event) {
      const to = screens.find(({ key }) => key === event.key);
      if (event.key === 'F6') onHelp();
      else if (to && maySee(to, who)) onGo(to);
      else return false;
      return true;
    },
  });
  return (
    <Dialog title={t('menu/title')} onClose={onClose} className="menu">
      <nav className="menu-places" aria-label={t('menu/title')}>
        {screens
          .filter(screen => maySee(screen, who))
          .map(screen => (
            <button
              key={screen.id}
              type="button"
              className="button menu-place"
              aria-current={screen === here ? 'page' : undefined}
              {...(screen === here && { 'data-first': true })}
              onClick={() => onGo(screen)}
            >
              <span className="menu-words">
                <b>{t(`screens/${screen.id}/title`)}</b>
                <span>{t(`screens/${screen.id}/what`)}</span>
              </span>
              {screen === here ? (
                <span className="menu-here">{t('menu/here')}</span>
              ) : (
                (screen === home || screen.key) && <kbd>{screen === home ? 'Esc' : screen.key}</kbd>
              )}
            </button>
          ))}
      </nav>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onHelp}>
          {t('help/open')} <kbd>F6</kbd>
        </button>
        {canEnd && (
          <button type="button" className="button" onClick={() => onOpen({ kind: 'leave' })}>
            {t('leave/open')}
          </button>
        )}
        {!who && (
          <button type="button" className="button" onClick={() => onOpen({ kind: 'first' })}>
            {t('first/make')}
          </button>
        )}
        {who?.state === 'signed-in' && (
          <button type="button" className="button" onClick={onLock}>
            <Lock className="switch-symbol" />
            {t('lock/lock')} <kbd>F8</kbd>
          </button>
        )}
      </div>
    </Dialog>
  );
}

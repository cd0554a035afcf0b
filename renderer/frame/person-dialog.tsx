/** Who is signed in, with which rights, and what they may do about it: more rights by PIN, another PIN, lock. */
import { useTranslation } from 'react-i18next';
import type { WhoView } from '../../src/api/contract.ts';
import { Dialog } from '../parts/dialog.tsx';
import type { AccessDialog } from './access-dialog.ts';

interface PersonDialogProps {
  readonly who: WhoView | undefined;
  readonly onOpen: (dialog: AccessDialog) => void;
  readonly onLock: () => void;
  readonly onClose: () => void;
}

export function PersonDialog({ who, onOpen, onLock, onClose }: PersonDialogProps) {
  const { t } = useTranslation();
  if (who?.state !== 'signed-in') return null;
  const { id, name, role, proof } = who;
  const byBadge = proof === 'badge';
  return (
    <Dialog title={name} onClose={onClose} className="person-dialog">
      <p className="dialog-text">
        <b>{t(`role/${role}`)}</b> · {t(byBadge ? 'who/byBadge' : 'who/byPin')}
        <br />
        {t(`roleMay/${byBadge ? 'operator' : role}`)}
      </p>
      <p className="entry-hint">{t('lock/handOver')}</p>
      <div className="dialog-actions">
        {byBadge && role !== 'operator' && (
          <button type="button" className="button" onClick={() => onOpen({ kind: 'enter-pin', id, name })}>
            {t('who/enterPin')}
          </button>
        )}
        {!byBadge && (
          <button type="button" className="button" onClick={() => onOpen({ kind: 'own-pin' })}>
            {t('who/ownPin')}
          </button>
        )}
        <button type="button" data-first className="button button-main" onClick={onLock}>
          {t('lock/lock')} <kbd>F8</kbd>
        </button>
      </div>
    </Dialog>
  );
}

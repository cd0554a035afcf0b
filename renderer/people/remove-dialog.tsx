/** Removing a person, after a second look: what goes cannot be brought back. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonView } from '../../src/api/contract.ts';
import { type CardName, callCard } from '../messages/card.ts';
import { Dialog } from '../parts/dialog.tsx';
import { NoticeBar } from '../parts/notice.tsx';

interface RemoveDialogProps {
  readonly person: PersonView;
  /** Undefined: done. */
  readonly onRemove: () => Promise<CardName | undefined>;
  readonly onClose: () => void;
}

export function RemoveDialog({ person, onRemove, onClose }: RemoveDialogProps) {
  const { t } = useTranslation();
  const [refused, setRefused] = useState<CardName>();
  const remove = () => onRemove().then(setRefused, error => setRefused(callCard(error)));
  return (
    <Dialog title={t('people/removeTitle', { name: person.name })} onClose={onClose}>
      <p className="dialog-text">{t('people/removeWhat')}</p>
      {refused && <NoticeBar notice={{ card: refused }} />}
      <div className="dialog-actions">
        <button type="button" className="button" data-first onClick={onClose}>
          {t('cancel')}
        </button>
        <button type="button" className="button button-main" onClick={() => void remove()}>
          {t('people/remove')}
        </button>
      </div>
    </Dialog>
  );
}

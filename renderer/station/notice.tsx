/** A word from the station that no tile can say: a scan that went nowhere, a start with nothing to start. */
import { useTranslation } from 'react-i18next';
import { type CardName, type CardValues, useCard } from '../messages/card.ts';
import { Triangle } from '../parts/symbols.tsx';
import './notice.css';

export interface Notice {
  readonly card: CardName;
  readonly values?: CardValues;
}

export function NoticeBar({ notice, onClose }: { notice: Notice; onClose: () => void }) {
  const { t } = useTranslation();
  const { title, what, do: now } = useCard()(notice.card, notice.values);
  return (
    <div className="notice" role="alert">
      <Triangle className="notice-symbol" />
      <p className="notice-words">
        <strong>{title}</strong>
        <span>
          {what} <b>{now}</b>
        </span>
      </p>
      <button type="button" className="button" onClick={onClose}>
        {t('close')} <kbd>Esc</kbd>
      </button>
    </div>
  );
}

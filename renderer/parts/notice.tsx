/** A word from the station that no tile can say: a scan that went nowhere, a start with nothing to start. */
import { useTranslation } from 'react-i18next';
import { type CardName, type CardValues, useCard } from '../messages/card.ts';
import { Triangle } from '../parts/symbols.tsx';
import { ScannedText } from './scanned-text.tsx';
import './notice.css';

export interface Notice {
  readonly card: CardName;
  readonly values?: CardValues;
  /** The text that the notice is about, as it came. */
  readonly scanned?: string;
  /** The product whose serials it does not fit. */
  readonly product?: string;
}

interface NoticeBarProps {
  readonly notice: Notice;
  /** Absent in a dialog, which Esc and its own button close. */
  readonly onClose?: () => void;
}

export function NoticeBar({ notice, onClose }: NoticeBarProps) {
  const { t } = useTranslation();
  const { title, what, do: now } = useCard()(notice.card, notice.values);
  return (
    <div className="notice" role="alert">
      <Triangle className="notice-symbol" />
      <p className="notice-words">
        <strong>{title}</strong>
        {notice.scanned && (
          <span className="notice-facts">
            <ScannedText text={notice.scanned} className="notice-scanned" />
            {notice.product !== undefined && <span>{t('notice/product', { product: notice.product })}</span>}
          </span>
        )}
        <span>
          {what} <b>{now}</b>
        </span>
      </p>
      {onClose && (
        <button type="button" className="button" onClick={onClose}>
          {t('close')} <kbd>Esc</kbd>
        </button>
      )}
    </div>
  );
}

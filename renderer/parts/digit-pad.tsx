/** Digits for gloves, with what was entered above them. The keyboard has its own, so these take no focus. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import './pin-pad.css';

interface DigitPadProps {
  readonly label: string;
  readonly take: string;
  readonly disabled: boolean;
  readonly onDigit: (digit: string) => void;
  readonly onErase: () => void;
  readonly onTake: () => void;
  /** What was entered. */
  readonly children: ReactNode;
}

export function DigitPad({ label, take, disabled, children, onDigit, onErase, onTake }: DigitPadProps) {
  const { t } = useTranslation();
  const key = (digit: string) => (
    <button key={digit} type="button" className="button key" tabIndex={-1} onClick={() => onDigit(digit)}>
      {digit}
    </button>
  );
  return (
    <fieldset className="pin-pad" aria-label={label} onMouseDown={event => event.preventDefault()}>
      {children}
      {[...'123456789'].map(key)}
      <button type="button" className="button key-word" tabIndex={-1} onClick={onErase}>
        {t('pin/erase')}
      </button>
      {key('0')}
      <button type="button" className="button button-main key-word" disabled={disabled} onClick={onTake}>
        {take}
      </button>
    </fieldset>
  );
}

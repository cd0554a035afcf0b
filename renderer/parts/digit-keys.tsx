/** Digits for fingers, in two short rows beside a PIN. The keyboard has its own, so these take no focus. */
import { useTranslation } from 'react-i18next';

interface DigitKeysProps {
  readonly onDigit: (digit: string) => void;
  readonly onErase: () => void;
}

export function DigitKeys({ onDigit, onErase }: DigitKeysProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="act-digits" aria-label={t('act/pin')} onMouseDown={event => event.preventDefault()}>
      {[...'1234567890'].map(digit => (
        <button key={digit} type="button" className="button" tabIndex={-1} onClick={() => onDigit(digit)}>
          {digit}
        </button>
      ))}
      <button type="button" className="button act-erase" tabIndex={-1} onClick={onErase}>
        {t('pin/erase')}
      </button>
    </fieldset>
  );
}

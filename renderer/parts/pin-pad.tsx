/** A PIN's keys for gloves, and how many characters are there. What was typed is never shown. */
import { useTranslation } from 'react-i18next';
import './pin-pad.css';

interface PinPadProps {
  readonly pin: string;
  readonly label: string;
  readonly take: string;
  readonly disabled: boolean;
  readonly onEdit: (pin: string) => void;
  readonly onTake: () => void;
}

export const longestPin = 64;
const digits = '123456789';

export function PinPad({ pin, label, take, disabled, onEdit, onTake }: PinPadProps) {
  const { t } = useTranslation();
  const add = (digit: string) => onEdit(pin.length < longestPin ? pin + digit : pin);
  const key = (digit: string) => (
    <button key={digit} type="button" className="button key" tabIndex={-1} onClick={() => add(digit)}>
      {digit}
    </button>
  );
  const count = [...pin].length;
  return (
    <fieldset className="pin-pad" aria-label={label} onMouseDown={event => event.preventDefault()}>
      <output className="pin-dots" aria-label={t('pin/entered', { count })}>
        {'●'.repeat(Math.min(count, 16))}
      </output>
      {[...digits].map(key)}
      <button
        type="button"
        className="button key-word"
        tabIndex={-1}
        onClick={() => onEdit(pin.slice(0, -1))}
      >
        {t('pin/erase')}
      </button>
      {key('0')}
      <button
        type="button"
        className="button button-main key-word"
        disabled={disabled || count === 0}
        onClick={onTake}
      >
        {take}
      </button>
    </fieldset>
  );
}

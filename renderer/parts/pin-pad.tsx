/** A PIN's keys for gloves, and how many characters are there. What was typed is never shown. */
import { useTranslation } from 'react-i18next';
import { DigitPad } from './digit-pad.tsx';

interface PinPadProps {
  readonly pin: string;
  readonly label: string;
  readonly take: string;
  readonly disabled: boolean;
  readonly onEdit: (pin: string) => void;
  readonly onTake: () => void;
}

export const longestPin = 64;

export function PinPad({ pin, label, take, disabled, onEdit, onTake }: PinPadProps) {
  const { t } = useTranslation();
  const count = [...pin].length;
  return (
    <DigitPad
      label={label}
      take={take}
      disabled={disabled || count === 0}
      onDigit={digit => onEdit(pin.length < longestPin ? pin + digit : pin)}
      onErase={() => onEdit(pin.slice(0, -1))}
      onTake={onTake}
    >
      <output className="pin-dots" aria-label={t('pin/entered', { count })}>
        {'●'.repeat(Math.min(count, 16))}
      </output>
    </DigitPad>
  );
}

/** A new order's quantity, and its target where it has one of its own: two numbers by digit keys; neither is needed. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DigitPad } from '../parts/digit-pad.tsx';
import { useKeyLayer } from '../scan/key-layers.ts';
import { digitsTyped, longestQuantity, longestTarget } from './digits-typed.ts';

interface NewStepProps {
  readonly id: string;
  readonly product: string;
  readonly disabled: boolean;
  readonly onOpen: (numbers: { quantity?: number; targetPerHour?: number }) => void;
  readonly onScan: (text: string) => void;
}

const fields = ['quantity', 'target'] as const;
const longest = { quantity: longestQuantity, target: longestTarget };

export function NewStep({ id, product, disabled, onOpen, onScan }: NewStepProps) {
  const { t } = useTranslation();
  const [numbers, setNumbers] = useState({ quantity: '', target: '' });
  const [field, setField] = useState<(typeof fields)[number]>('quantity');
  const edit = (digits: string) => setNumbers({ ...numbers, [field]: digits });
  const open = () => {
    if (disabled) return;
    const [quantity, targetPerHour] = [Number(numbers.quantity), Number(numbers.target)];
    onOpen({ ...(quantity > 0 && { quantity }), ...(targetPerHour > 0 && { targetPerHour }) });
  };
  useKeyLayer({
    onWedge(event) {
      // Digits in a burst are in the field already, and stay to be looked at: they may be a label's.
      if (event.kind === 'scan' && !/^\d+$/.test(event.text)) onScan(event.text);
      else if (event.kind === 'typed' || (event.kind === 'number' && event.entered)) open();
      return true;
    },
    onKey(event) {
      if (event.key === 'Enter' && !document.activeElement?.closest('button')) {
        open();
        return true;
      }
      if (event.key.startsWith('Arrow')) {
        setField(field === 'quantity' ? 'target' : 'quantity');
        return true;
      }
      const edited = digitsTyped(numbers[field], event, longest[field]);
      if (edited === undefined) return false;
      edit(edited);
      return true;
    },
  });
  return (
    <>
      <p className="order-id mono">{id}</p>
      <p className="dialog-text">{t('order/newWhat', { product })}</p>
      <p className="entry-hint">{t('order/numbersHint')}</p>
      <DigitPad
        label={t(`order/${field}`)}
        take={t('order/openNew')}
        disabled={disabled}
        onDigit={digit => edit((numbers[field] + digit).slice(0, longest[field]))}
        onErase={() => edit(numbers[field].slice(0, -1))}
        onTake={open}
      >
        <div className="order-numbers">
          {fields.map(each => (
            <button
              key={each}
              type="button"
              className="button order-number"
              tabIndex={-1}
              aria-pressed={field === each}
              onClick={() => setField(each)}
            >
              <span>{t(`order/${each}`)}</span>
              <b className="figures">
                {numbers[each] || t(each === 'quantity' ? 'order/unlimited' : 'order/asConfigured')}
              </b>
            </button>
          ))}
        </div>
      </DigitPad>
    </>
  );
}

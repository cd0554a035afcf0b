/** The number of an order: scanned, typed, or one of the open ones touched. The field is driven by keys, not edited. */
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkOrderView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { KeyedField } from '../parts/keyed-field.tsx';
import { ScreenKeys } from '../parts/screen-keys.tsx';
import { useKeyLayer } from '../scan/key-layers.ts';
import { typedText } from '../scan/typed-text.ts';
import { SerialText } from '../station/serial-text.tsx';
import { useProgressWords } from './order-progress.tsx';

interface NumberStepProps {
  readonly session: Session;
  readonly current: WorkOrderView | undefined;
  /** Looked up at once. */
  readonly scanned: string | undefined;
  readonly disabled: boolean;
  readonly onTake: (text: string) => void;
  readonly onChoose: (id: string) => void;
}

const longestNumber = 60;
const offered = 3;

export function NumberStep({ session, current, scanned, disabled, onTake, onChoose }: NumberStepProps) {
  const { t } = useTranslation();
  const words = useProgressWords();
  const [text, setText] = useState('');
  const [open, setOpen] = useState<readonly WorkOrderView[]>([]);
  const first = useRef({ scanned, onTake });
  useEffect(() => {
    // The scan that opened the dialog; what it gives is told like that of any other.
    if (first.current.scanned !== undefined) first.current.onTake(first.current.scanned);
  }, []);
  useEffect(() => {
    let wanted = true;
    // Without them a number still does.
    session.listWorkOrders().then(
      orders => wanted && setOpen(orders),
      () => {},
    );
    return () => {
      wanted = false;
    };
  }, [session]);
  const take = () => {
    if (text.trim() !== '' && !disabled) onTake(text);
  };
  useKeyLayer({
    onWedge(event) {
      if (event.kind === 'scan') {
        setText('');
        onTake(event.text);
      } else if (event.kind === 'number' ? event.entered : event.kind !== 'unterminated') take();
      return true;
    },
    onKey(event) {
      if (event.key === 'Enter' && !document.activeElement?.closest('button')) {
        take();
        return true;
      }
      const edited = typedText(text, event, longestNumber);
      if (edited === undefined) return false;
      setText(edited);
      return true;
    },
  });
  const others = open.filter(({ id }) => id !== current?.id).slice(0, offered);
  return (
    <>
      <p className="dialog-text">{t('order/numberWhat')}</p>
      <KeyedField label={t('order/number')} text={text} placeholder={t('order/numberHint')} />
      {others.length > 0 && (
        <section className="order-open" aria-label={t('order/open')}>
          {others.map(order => (
            <button
              key={order.id}
              type="button"
              className="button order-offered"
              disabled={disabled}
              onClick={() => onChoose(order.id)}
            >
              <SerialText serial={order.id} />
              <span className="order-offered-what">
                {order.product} · {words(order)}
              </span>
            </button>
          ))}
        </section>
      )}
      <ScreenKeys
        label={t('order/number')}
        onAdd={character => setText((text + character).slice(0, longestNumber))}
        onErase={() => setText(text.slice(0, -1))}
      />
      <div className="dialog-actions">
        <button
          type="button"
          className="button button-main"
          disabled={disabled || text.trim() === ''}
          onClick={take}
        >
          {t('order/take')} <kbd>Enter</kbd>
        </button>
      </div>
    </>
  );
}

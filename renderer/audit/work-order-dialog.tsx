/** Which work order: one of those that the station has open, or any other by scan, keys or touch. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { inputBounds } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { Dialog } from '../parts/dialog.tsx';
import { KeyedField } from '../parts/keyed-field.tsx';
import { ScreenKeys } from '../parts/screen-keys.tsx';
import { useKeyLayer } from '../scan/key-layers.ts';
import { typedText } from '../scan/typed-text.ts';

interface WorkOrderDialogProps {
  readonly session: Session;
  readonly chosen: string | undefined;
  readonly onChoose: (workOrder: string | undefined) => void;
  readonly onClose: () => void;
}

const longest = Math.min(inputBounds.workOrder, 120);
const mostShown = 6;

export function WorkOrderDialog({ session, chosen, onChoose, onClose }: WorkOrderDialogProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(chosen ?? '');
  const [open, setOpen] = useState<readonly string[]>([]);
  useEffect(() => {
    let wanted = true;
    session.listWorkOrders().then(
      orders => wanted && setOpen(orders.slice(0, mostShown).map(({ id }) => id)),
      // Out of reach: it can still be typed.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [session]);
  const take = (order: string) => onChoose(order.trim() === '' ? undefined : order.trim());
  useKeyLayer({
    onWedge(event) {
      if (event.kind === 'scan') take(event.text.slice(0, longest));
      return true;
    },
    onKey(event) {
      if (event.code === 'Enter' && !(document.activeElement instanceof HTMLButtonElement)) {
        take(text);
        return true;
      }
      const next = typedText(text, event, longest);
      if (next === undefined) return false;
      setText(next);
      return true;
    },
  });
  return (
    <Dialog title={t('audit/field/workOrder')} onClose={onClose}>
      <KeyedField label={t('audit/field/workOrder')} text={text} placeholder={t('audit/orderHint')} />
      <ScreenKeys
        label={t('audit/field/workOrder')}
        onAdd={character => setText((text + character).slice(0, longest))}
        onErase={() => setText(text.slice(0, -1))}
      />
      <div className="choices">
        {open.map(each => (
          <button key={each} type="button" className="button" onClick={() => onChoose(each)}>
            <span>{each}</span>
          </button>
        ))}
      </div>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={() => onChoose(undefined)}>
          {t('audit/allOrders')}
        </button>
        <button
          type="button"
          className="button button-main"
          disabled={text.trim() === ''}
          onClick={() => take(text)}
        >
          {t('audit/takeOrder')}
        </button>
      </div>
    </Dialog>
  );
}

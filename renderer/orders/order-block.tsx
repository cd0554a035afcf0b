/** The work order in the header of the Station screen: its number and how far it is, and the way to its dialog. */
import { useTranslation } from 'react-i18next';
import type { WorkOrderView } from '../../src/api/contract.ts';
import { SerialText } from '../station/serial-text.tsx';
import { OrderProgress } from './order-progress.tsx';
import './order-block.css';

interface OrderBlockProps {
  readonly order: WorkOrderView | undefined;
  readonly disabled: boolean;
  readonly onOpen: () => void;
}

export function OrderBlock({ order, disabled, onOpen }: OrderBlockProps) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className="order-block"
      aria-haspopup="dialog"
      aria-keyshortcuts="PageUp"
      disabled={disabled}
      onClick={onOpen}
    >
      <span className="order-first">
        <span className="order-name">{t('order/title')}</span>
        {order ? <SerialText serial={order.id} /> : <b>{t('order/none')}</b>}
        <kbd>{t('order/key')}</kbd>
      </span>
      {order && <OrderProgress order={order} />}
    </button>
  );
}

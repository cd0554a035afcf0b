/** The order that the station works on, and all that can be done about it. */
import { useTranslation } from 'react-i18next';
import type { WorkOrderView } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';
import { Attention } from '../parts/attention.tsx';
import { Facts } from '../parts/facts.tsx';
import { useKeyLayer } from '../scan/key-layers.ts';
import { isFull, OrderProgress } from './order-progress.tsx';

interface CurrentStepProps {
  readonly order: WorkOrderView;
  readonly disabled: boolean;
  readonly onOther: () => void;
  readonly onQuantity: () => void;
  readonly onAside: () => void;
  readonly onCloseOrder: () => void;
  /** Another order's number, scanned. */
  readonly onScan: (text: string) => void;
}

export function CurrentStep({ order, disabled, onScan, ...on }: CurrentStepProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const full = isFull(order);
  useKeyLayer({
    onWedge(event) {
      if (event.kind === 'scan') onScan(event.text);
      return true;
    },
  });
  return (
    <>
      <p className="order-id mono">{order.id}</p>
      <OrderProgress order={order} />
      {full && (
        <Attention title={t('order/fullTitle')}>
          <span>{t('order/fullWhat')}</span>
        </Attention>
      )}
      <Facts
        facts={[
          [t('order/product'), order.product],
          [
            t('order/target'),
            order.targetPerHour === null
              ? t('order/noTarget')
              : t('foot/perHour', { pace: format.number(order.targetPerHour) }),
          ],
          [t('order/openedAt'), format.date(order.openedAt)],
        ]}
      />
      <div className="order-actions">
        <button type="button" className="button" disabled={disabled} onClick={on.onQuantity}>
          {t('order/changeQuantity')}
        </button>
        <button type="button" className="button" disabled={disabled} onClick={on.onAside}>
          {t('order/aside')}
        </button>
        <button type="button" className="button" disabled={disabled} onClick={on.onCloseOrder}>
          {t('order/close')}
        </button>
        <button
          type="button"
          data-first
          className="button button-main"
          disabled={disabled}
          onClick={on.onOther}
        >
          {t('order/other')}
        </button>
      </div>
    </>
  );
}

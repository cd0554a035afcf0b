/** Closing an order, and opening a closed one again: said before it is done. */
import { useTranslation } from 'react-i18next';
import type { WorkOrderView } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';
import { Archives } from '../parts/archives.tsx';
import { OrderProgress } from './order-progress.tsx';

interface StepProps {
  readonly order: WorkOrderView;
  readonly disabled: boolean;
  readonly onBack: () => void;
}

export function CloseStep({ onCloseOrder, ...step }: StepProps & { readonly onCloseOrder: () => void }) {
  const { t } = useTranslation();
  return <Said {...step} what={t('order/closeWhat')} label={t('order/close')} onDo={onCloseOrder} />;
}

export function ClosedStep({ onOpen, ...step }: StepProps & { readonly onOpen: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const what = t('order/closedWhat', { time: format.date(step.order.closedAt ?? 0) });
  return <Said {...step} what={what} label={t('order/openAgain')} onDo={onOpen} />;
}

interface SaidProps extends StepProps {
  readonly what: string;
  readonly label: string;
  readonly onDo: () => void;
}

function Said({ order, disabled, what, label, onDo, onBack }: SaidProps) {
  const { t } = useTranslation();
  return (
    <>
      <p className="order-id mono">{order.id}</p>
      <OrderProgress order={order} />
      <p className="dialog-text">{what}</p>
      <Archives archives={order.archives} />
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onBack}>
          {t('act/back')}
        </button>
        <button type="button" data-first className="button button-main" disabled={disabled} onClick={onDo}>
          {label}
        </button>
      </div>
    </>
  );
}

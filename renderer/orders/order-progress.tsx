/** How far a work order is: "37 of 200" with a quiet bar; full, in colour, shape and word. */
import { useTranslation } from 'react-i18next';
import type { WorkOrderView } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';
import { Triangle } from '../parts/symbols.tsx';
import './order-progress.css';

export const isFull = ({ passed, quantity }: WorkOrderView) => quantity !== null && passed >= quantity;

/** As words alone, e.g. "37 of 200". */
export function useProgressWords(): (order: WorkOrderView) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ passed, quantity }) =>
    quantity === null
      ? t('order/passed', { count: passed, formatted: format.number(passed) })
      : t('order/of', { passed: format.number(passed), quantity: format.number(quantity) });
}

export function OrderProgress({ order }: { order: WorkOrderView }) {
  const { t } = useTranslation();
  const words = useProgressWords();
  const { passed, quantity } = order;
  const full = isFull(order);
  return (
    <span className="order-progress" data-full={full || undefined}>
      {quantity !== null && !full && (
        <svg className="order-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
          <rect className="order-bar-room" width={100} height={6} />
          <rect className="order-bar-done" width={Math.min(100, (passed / quantity) * 100)} height={6} />
        </svg>
      )}
      <span className="order-words figures">
        {full && (
          <>
            <Triangle className="inline-symbol" />
            <b>{t('order/full')}</b> ·{' '}
          </>
        )}
        {words(order)}
      </span>
    </span>
  );
}

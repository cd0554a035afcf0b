/** Another quantity for the order: first how many, then why, and who allows it. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrainAct, StationView, WorkOrderView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { type CardName, callCard, orderCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { ActForm } from '../parts/act-form.tsx';
import { DigitPad } from '../parts/digit-pad.tsx';
import { useKeyLayer } from '../scan/key-layers.ts';
import { digitsTyped, longestQuantity } from './digits-typed.ts';
import { OrderProgress } from './order-progress.tsx';

interface QuantityStepProps {
  readonly session: Session;
  readonly view: StationView;
  readonly order: WorkOrderView;
  readonly lost: boolean;
  readonly onDone: () => void;
  readonly onBack: () => void;
}

export function QuantityStep({ session, view, order, lost, onDone, onBack }: QuantityStepProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [quantity, setQuantity] = useState<number>();
  const [refusal, setRefusal] = useState<CardName>();
  const [busy, setBusy] = useState(false);
  if (quantity === undefined) return <HowMany order={order} onTake={setQuantity} />;
  const carryOut = async ({ reason, by }: DrainAct) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      const answer = await session.changeQuantity({ id: order.id, quantity, reason, ...(by && { by }) });
      if (answer.ok) onDone();
      else setRefusal(orderCard(answer.code));
    } catch (error) {
      setRefusal(callCard(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <ActForm
      effect={t('order/quantityEffect', { id: order.id, quantity: format.number(quantity) })}
      roles={['supervisor', 'engineer']}
      who={view.who}
      badgePrefix={view.station.badgePrefix}
      reasons={(['spares', 'scrap', 'mistyped'] as const).map(each => t(`order/reasons/${each}`))}
      label={t('order/changeQuantity')}
      refusal={refusal}
      busy={busy || lost}
      onDo={act => void carryOut(act)}
      onBack={onBack}
    />
  );
}

function HowMany({ order, onTake }: { order: WorkOrderView; onTake: (quantity: number) => void }) {
  const { t } = useTranslation();
  const [digits, setDigits] = useState('');
  const take = () => {
    if (Number(digits) > 0) onTake(Number(digits));
  };
  useKeyLayer({
    onWedge(event) {
      if (event.kind === 'typed' || (event.kind === 'number' && event.entered)) take();
      return true;
    },
    onKey(event) {
      if (event.key === 'Enter' && !document.activeElement?.closest('button')) {
        take();
        return true;
      }
      const edited = digitsTyped(digits, event, longestQuantity);
      if (edited === undefined) return false;
      setDigits(edited);
      return true;
    },
  });
  return (
    <>
      <p className="order-id mono">{order.id}</p>
      <OrderProgress order={order} />
      <DigitPad
        label={t('order/quantity')}
        take={t('order/next')}
        disabled={Number(digits) === 0}
        onDigit={digit => setDigits((digits + digit).slice(0, longestQuantity))}
        onErase={() => setDigits(digits.slice(0, -1))}
        onTake={take}
      >
        <output className="pin-dots order-digits figures" aria-label={t('order/quantity')}>
          {digits || t('order/newQuantity')}
        </output>
      </DigitPad>
    </>
  );
}

/**
 * The station's work order: what it is, and another one in its place. A number is scanned or typed; one that is open is
 * chosen at once, a closed one after it was said that it is, a new one gets its product and quantity. By keys, scanner or
 * touch alike.
 */
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StationView, WorkOrderAnswer, WorkOrderView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { callCard, orderCard } from '../messages/card.ts';
import { Dialog } from '../parts/dialog.tsx';
import { type Notice, NoticeBar } from '../parts/notice.tsx';
import { ClosedStep, CloseStep } from './closing-steps.tsx';
import { CurrentStep } from './current-step.tsx';
import { NewStep } from './new-step.tsx';
import { NumberStep } from './number-step.tsx';
import { ProductStep } from './product-step.tsx';
import { QuantityStep } from './quantity-step.tsx';
import './order-dialog.css';

interface OrderDialogProps {
  readonly session: Session;
  readonly view: StationView;
  readonly lost: boolean;
  /** A scan that opened it. */
  readonly scanned?: string | undefined;
  readonly onClose: () => void;
}

type Step =
  | { readonly at: 'current' | 'number' | 'close' | 'quantity' }
  | { readonly at: 'product'; readonly id: string }
  | { readonly at: 'new'; readonly id: string; readonly product: string }
  | { readonly at: 'closed'; readonly order: WorkOrderView };

export function OrderDialog({ session, view, lost, scanned, onClose }: OrderDialogProps) {
  const { t } = useTranslation();
  const { workOrder: current, station } = view;
  const [step, setStep] = useState<Step>({ at: current && scanned === undefined ? 'current' : 'number' });
  const [notice, setNotice] = useState<Notice>();
  const [busy, setBusy] = useState(false);

  const go = (next: Step) => {
    setNotice(undefined);
    setStep(next);
  };
  const carryOut = async (work: () => Promise<WorkOrderAnswer | undefined>, scan?: string) => {
    if (busy || lost) return;
    setBusy(true);
    try {
      const answer = await work();
      if (!answer) return;
      if (answer.ok) onClose();
      else setNotice({ card: orderCard(answer.code), ...(scan !== undefined && { scanned: scan }) });
    } catch (error) {
      setNotice({ card: callCard(error) });
    } finally {
      setBusy(false);
    }
  };
  const look = (text: string) =>
    void carryOut(async () => {
      const found = await session.findWorkOrder({ text });
      if (!found.ok) return found;
      const { id, order } = found;
      if (order && order.id === current?.id) return void go({ at: 'current' });
      if (order && order.closedAt !== null) return void go({ at: 'closed', order });
      if (order) return session.chooseWorkOrder({ id });
      const [only, ...others] = station.products;
      go(others.length === 0 ? { at: 'new', id, product: only! } : { at: 'product', id });
      return undefined;
    }, text);
  const choose = (id: string) => void carryOut(() => session.chooseWorkOrder({ id }));
  const back = () => go({ at: current ? 'current' : 'number' });

  const shown: Step =
    !current && (step.at === 'current' || step.at === 'close' || step.at === 'quantity')
      ? { at: 'number' }
      : step;
  // A step that takes another's place takes the focus, too, so that keys never lose their place.
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (shown.at) place.current?.querySelector<HTMLElement>('[data-first]')?.focus();
  }, [shown.at]);
  return (
    <Dialog title={t('order/title')} onClose={onClose} className="order">
      <div className="order-step" ref={place}>
        {notice && <NoticeBar notice={notice} />}
        {shown.at === 'current' && current && (
          <CurrentStep
            order={current}
            disabled={busy || lost}
            onOther={() => go({ at: 'number' })}
            onQuantity={() => go({ at: 'quantity' })}
            onAside={() => {
              session.setWorkOrderAside().then(onClose, error => setNotice({ card: callCard(error) }));
            }}
            onCloseOrder={() => go({ at: 'close' })}
            onScan={look}
          />
        )}
        {shown.at === 'number' && (
          <NumberStep
            key={scanned}
            session={session}
            current={current}
            scanned={notice ? undefined : scanned}
            disabled={busy || lost}
            onTake={look}
            onChoose={choose}
          />
        )}
        {shown.at === 'product' && (
          <ProductStep
            id={shown.id}
            products={station.products}
            onProduct={product => go({ at: 'new', id: shown.id, product })}
            onScan={look}
          />
        )}
        {shown.at === 'new' && (
          <NewStep
            id={shown.id}
            product={shown.product}
            disabled={busy || lost}
            onOpen={numbers =>
              void carryOut(() => session.openWorkOrder({ id: shown.id, product: shown.product, ...numbers }))
            }
            onScan={look}
          />
        )}
        {shown.at === 'closed' && (
          <ClosedStep
            order={shown.order}
            disabled={busy || lost}
            onOpen={() => choose(shown.order.id)}
            onBack={() => go({ at: 'number' })}
          />
        )}
        {shown.at === 'close' && current && (
          <CloseStep
            order={current}
            disabled={busy || lost}
            onCloseOrder={() => void carryOut(() => session.closeWorkOrder({ id: current.id }))}
            onBack={back}
          />
        )}
        {shown.at === 'quantity' && current && (
          <QuantityStep
            session={session}
            view={view}
            order={current}
            lost={lost}
            onDone={onClose}
            onBack={back}
          />
        )}
      </div>
    </Dialog>
  );
}

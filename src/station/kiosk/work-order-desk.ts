/**
 * Work orders as a screen works with them: look, open, choose, set aside, close, another quantity. The last may bring id and
 * PIN of who allows it. Expected refusals are values with a code; anything thrown is a fault.
 */
import type { Hands, OneTimeSignIn } from '../access/hands.ts';
import type { AccessRefusalCode } from '../access/refusals.ts';
import { reasonOf } from '../act.ts';
import type { StationCore } from '../open-core.ts';
import {
  changeQuantity,
  chooseWorkOrder,
  closeWorkOrder,
  findWorkOrder,
  type NewWorkOrder,
  openWorkOrder,
  openWorkOrders,
  setWorkOrderAside,
  type WorkOrderView,
  workOrderId,
} from '../work-orders.ts';
import { refusing } from './desk-answer.ts';

export type { NewWorkOrder, WorkOrderView };

export type WorkOrderRefusalCode =
  | AccessRefusalCode
  | 'work-order-invalid'
  | 'work-order-unknown'
  | 'work-order-exists'
  | 'quantity-invalid'
  | 'product-unknown'
  | 'reason-invalid'
  | 'sign-in-key-missing';

export interface WorkOrderRefusal {
  readonly ok: false;
  readonly code: WorkOrderRefusalCode;
}

export type WorkOrderAnswer = { readonly ok: true; readonly order: WorkOrderView } | WorkOrderRefusal;
/** `order` is absent where nobody opened it yet; `id` is the text in the form that orders have. */
export type FindWorkOrderAnswer =
  | { readonly ok: true; readonly id: string; readonly order?: WorkOrderView }
  | WorkOrderRefusal;

export interface QuantityAct {
  readonly id: string;
  readonly quantity: number;
  readonly reason: string;
  /** Who allows it, where it is not who is signed in. */
  readonly by?: OneTimeSignIn;
}

export interface WorkOrderDesk {
  /** Open ones, newest first. */
  list(): readonly WorkOrderView[] | Promise<readonly WorkOrderView[]>;
  find(input: { readonly text: string }): FindWorkOrderAnswer | Promise<FindWorkOrderAnswer>;
  open(input: NewWorkOrder): Promise<WorkOrderAnswer>;
  /** Of one that was closed: open again. */
  choose(input: { readonly id: string }): Promise<WorkOrderAnswer>;
  setAside(): void | Promise<void>;
  close(input: { readonly id: string }): Promise<WorkOrderAnswer>;
  changeQuantity(input: QuantityAct): Promise<WorkOrderAnswer>;
}

/** That many open orders are offered; others are found by their number. */
const LISTED = 6;

export function workOrderDesk(core: StationCore, hands: Hands, written: () => void): WorkOrderDesk {
  const carryOut = async (work: () => WorkOrderView | Promise<WorkOrderView>): Promise<WorkOrderAnswer> => {
    try {
      const order = await work();
      written();
      return { ok: true, order };
    } catch (error) {
      return refusalOf(error);
    }
  };
  return {
    list: () => {
      hands.account();
      return openWorkOrders(core, LISTED);
    },
    find: ({ text }) => {
      hands.account();
      try {
        const order = findWorkOrder(core, text);
        return { ok: true, id: workOrderId(text), ...(order && { order }) };
      } catch (error) {
        return refusalOf(error);
      }
    },
    open: input => carryOut(async () => openWorkOrder(core, input, await hands.actor())),
    choose: ({ id }) => carryOut(async () => chooseWorkOrder(core, id, await hands.actor())),
    setAside: () => {
      hands.account();
      setWorkOrderAside(core);
      written();
    },
    close: ({ id }) => carryOut(async () => closeWorkOrder(core, id, await hands.actor())),
    changeQuantity: ({ id, quantity, reason, by }) =>
      carryOut(async () =>
        changeQuantity(core, { id, quantity }, { who: await hands.actor(by), reason: reasonOf(reason) }),
      ),
  };
}

const refused = refusing(
  'work-order-invalid',
  'work-order-unknown',
  'work-order-exists',
  'quantity-invalid',
  'product-unknown',
  'reason-invalid',
);

function refusalOf(error: unknown): WorkOrderRefusal {
  const { ok, code } = refused(error);
  return { ok, code };
}

/**
 * Work orders: a lot of one product, with a quantity where somebody said it. The station works on one order at most, at all
 * its fixtures and windows; it is a row of the ledger, so that a restart changes nothing. Anybody may open, choose, set aside
 * and close; another quantity is a supervisor's or an engineer's act. What counts are the order's devices in force. Where the
 * quantity is reached, a new device is refused in its own transaction (`judge-attempt.ts`), a retest never.
 */
import type { WorkOrderRow } from '../../db/rows.ts';
import type { WorkOrderData } from '../audit/entry-data.ts';
import { checkSerial } from '../enrollment/serial.ts';
import { type Act, allowed, openAct } from './act.ts';
import type { ProductConfiguration } from './configuration/configuration.ts';
import { productOf } from './configuration/load-configuration.ts';
import { StationError } from './errors.ts';
import type { StationCore } from './open-core.ts';
import { personOf } from './people.ts';
import { quoteText } from './quote-text.ts';

export const MAX_WORK_ORDER_CHARACTERS = 60;
export const MAX_QUANTITY = 9_999_999;
export const MAX_TARGET_PER_HOUR = 99_999;

export interface WorkOrderView {
  readonly id: string;
  readonly product: string;
  /** Null where nobody said how many. */
  readonly quantity: number | null;
  /** Its devices in force. */
  readonly passed: number;
  /** Devices in an hour: the order's own, else its product's; null where neither says. */
  readonly targetPerHour: number | null;
  /** Epoch milliseconds. */
  readonly openedAt: number;
  readonly closedAt: number | null;
  /** Where its entries rest, oldest archive first; absent where none does. */
  readonly archives?: readonly ArchiveView[];
}

/** A file in which entries of a work order rest. */
export interface ArchiveView {
  /** Its name, without a folder. */
  readonly file: string;
  /** Hex. */
  readonly sha256: string;
  readonly entries: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface NewWorkOrder {
  /** As scanned or typed. */
  readonly id: string;
  /** The current one of the configuration where absent. */
  readonly product?: string | undefined;
  readonly quantity?: number | undefined;
  readonly targetPerHour?: number | undefined;
}

/**
 * The form of an order's id: what holds of every serial's characters, and at most 60 of them.
 * @throws StationError `work-order-invalid`
 */
export function workOrderId(text: string): string {
  const checked = checkSerial(text, {});
  if (checked.ok && [...checked.serial].length <= MAX_WORK_ORDER_CHARACTERS) return checked.serial;
  throw new StationError('work-order-invalid', quoteText(text, 80));
}

/** Whether a scan names an order, by what the plant's order numbers begin with. */
export function isWorkOrder({ configuration }: StationCore, text: string): boolean {
  const prefix = configuration.station.workOrderPrefix;
  return prefix !== undefined && text.trimStart().startsWith(prefix);
}

export function currentWorkOrder(core: StationCore): WorkOrderView | undefined {
  const row = core.ledger.workOrders.current();
  return row && viewOf(core, row);
}

/** Newest first. */
export function openWorkOrders(core: StationCore, limit: number): WorkOrderView[] {
  return core.ledger.workOrders.newestOpen(limit).map(row => viewOf(core, row));
}

/** Newest first, closed and archived ones too. */
export function listWorkOrders(core: StationCore, limit: number): WorkOrderView[] {
  return core.ledger.workOrders.newest(limit).map(row => viewOf(core, row));
}

/** The archives of an order, oldest first. */
export function archivesOf({ ledger }: StationCore, workOrder: string): ArchiveView[] {
  return ledger.archives
    .ofWorkOrder(workOrder)
    .map(({ file, sha256, entries, made_at: at }) => ({ file, sha256, entries, at }));
}

/** @throws StationError `work-order-invalid` */
export function findWorkOrder(core: StationCore, text: string): WorkOrderView | undefined {
  const row = core.ledger.workOrders.get(workOrderId(text));
  return row && viewOf(core, row);
}

/** What the station makes: the product of its order, else the current one. @throws StationError `product-unknown` */
export function productAtWork(core: StationCore): ProductConfiguration {
  return productOf(core.configuration, core.ledger.workOrders.current()?.product);
}

/** Whether an order has all that it shall have; false for one that nobody opened. */
export function isFull(core: StationCore, workOrder: string | null): boolean {
  const row = workOrder === null ? undefined : core.ledger.workOrders.get(workOrder);
  return row !== undefined && row.quantity !== null && row.passed >= row.quantity;
}

/**
 * A new order, which the station works on from now on.
 * @throws StationError `work-order-invalid`, `work-order-exists`, `quantity-invalid`, `product-unknown`
 */
export function openWorkOrder(core: StationCore, order: NewWorkOrder, who: Act['who']): WorkOrderView {
  const id = workOrderId(order.id);
  const product = productOf(core.configuration, order.product);
  const quantity = quantityOf(order.quantity ?? null);
  const { targetPerHour = null } = order;
  if (targetPerHour !== null && !(targetPerHour > 0 && targetPerHour <= MAX_TARGET_PER_HOUR))
    throw new StationError('quantity-invalid', `a target of ${targetPerHour} in an hour`);
  return core.ledger.transaction(() => {
    const { at, personId } = by(core, who);
    if (core.ledger.workOrders.get(id)) throw new StationError('work-order-exists', quoteText(id, 80));
    core.ledger.workOrders.open({
      work_order: id,
      product: product.name,
      quantity,
      target_per_hour: targetPerHour,
      opened_at: at,
      opened_by: personId,
    });
    core.ledger.workOrders.choose(id);
    return writeDown(core, personId, id, 'opened');
  });
}

/**
 * The station works on this order from now on; one that was closed is open again.
 * @throws StationError `work-order-unknown`, `product-unknown` where its product is configured no more
 */
export function chooseWorkOrder(core: StationCore, id: string, who: Act['who']): WorkOrderView {
  return core.ledger.transaction(() => {
    productOf(core.configuration, known(core, id).product);
    const { personId } = by(core, who);
    const wasClosed = core.ledger.workOrders.reopen(id);
    core.ledger.workOrders.choose(id);
    return wasClosed ? writeDown(core, personId, id, 'reopened') : viewOf(core, known(core, id));
  });
}

/** The station works on no order from now on; the order stays open. */
export function setWorkOrderAside(core: StationCore): void {
  core.ledger.transaction(() => void core.ledger.workOrders.setAside());
}

/** Where it is closed already, nothing is done. @throws StationError `work-order-unknown` */
export function closeWorkOrder(core: StationCore, id: string, who: Act['who']): WorkOrderView {
  return core.ledger.transaction(() => {
    known(core, id);
    const { at, personId } = by(core, who);
    const closed = core.ledger.workOrders.close(id, { at, personId });
    return closed ? writeDown(core, personId, id, 'closed') : viewOf(core, known(core, id));
  });
}

/** @throws StationError `work-order-unknown`, `quantity-invalid`, or with an `AccessRefusalCode` */
export function changeQuantity(
  core: StationCore,
  { id, quantity }: { readonly id: string; readonly quantity: number },
  act: Act,
): WorkOrderView {
  const wanted = quantityOf(quantity);
  return core.ledger.transaction(() => {
    const { account, reason } = allowed(core, 'change-quantity', act);
    known(core, id);
    const personId = personOf(core.ledger, account, core.clock.read().at);
    core.ledger.workOrders.setQuantity(id, wanted);
    return writeDown(core, personId, id, 'quantity', reason);
  });
}

function quantityOf(quantity: number | null): number | null {
  if (quantity === null || (Number.isInteger(quantity) && quantity > 0 && quantity <= MAX_QUANTITY))
    return quantity;
  throw new StationError('quantity-invalid', `a quantity of ${quantity}`);
}

function known(core: StationCore, id: string): WorkOrderRow {
  const row = core.ledger.workOrders.get(id);
  if (!row) throw new StationError('work-order-unknown', quoteText(id, 80));
  return row;
}

function by(core: StationCore, who: Act['who']): { readonly at: number; readonly personId: string } {
  const { at } = core.clock.read();
  const { account } = openAct(core, { who, reason: '' });
  return { at, personId: personOf(core.ledger, account, at) };
}

function writeDown(
  core: StationCore,
  personId: string,
  id: string,
  change: WorkOrderData['change'],
  because?: string,
): WorkOrderView {
  const row = known(core, id);
  core.audit.append(core.identity, personId, {
    type: 'work-order',
    data: {
      workOrder: id,
      change,
      product: row.product,
      ...(row.quantity === null ? {} : { quantity: row.quantity }),
      passed: row.passed,
      ...(because === undefined ? {} : { because }),
    },
  });
  return viewOf(core, row);
}

function viewOf(core: StationCore, row: WorkOrderRow): WorkOrderView {
  const product = core.configuration.products.find(({ name }) => name === row.product);
  const archives = archivesOf(core, row.work_order);
  return {
    id: row.work_order,
    product: row.product,
    quantity: row.quantity,
    passed: row.passed,
    targetPerHour: row.target_per_hour ?? product?.targetPerHour ?? null,
    openedAt: row.opened_at,
    closedAt: row.closed_at,
    ...(archives.length === 0 ? {} : { archives }),
  };
}

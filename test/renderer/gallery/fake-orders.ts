/** Work orders and last attempts that live in the page: one is open, one closed, any other number is new. */
import type {
  FindWorkOrderAnswer,
  LastAttempt,
  NewWorkOrder,
  QuantityAct,
  WorkOrderAnswer,
  WorkOrderView,
} from '../../../src/api/contract.ts';

const openedAt = Date.UTC(2026, 10, 20, 6, 5);

export function orderOf(id: string, rest: Partial<WorkOrderView> = {}): WorkOrderView {
  return {
    id,
    product: 'Gateway GX-2',
    quantity: 500,
    passed: 310,
    targetPerHour: 45,
    openedAt,
    closedAt: null,
    ...rest,
  };
}

const known: readonly WorkOrderView[] = [
  orderOf('WO-88213'),
  orderOf('WO-88214', { product: 'Sensor S1', quantity: null, passed: 0, targetPerHour: null }),
  orderOf('WO-88100', {
    passed: 500,
    closedAt: openedAt + 3_600_000,
    archives: [
      {
        file: 'archive-2026-11-20T14-05-00-000Z-WO-88100.jsonl',
        sha256: 'ab'.repeat(32),
        entries: 1_012,
        at: openedAt + 9_000_000,
      },
    ],
  }),
];

/** @param become takes the order that the station works on from now on */
export function fakeOrders(become: (order: WorkOrderView | null) => void) {
  let orders = known;
  const find = (id: string) => orders.find(order => order.id === id);
  const keep = (order: WorkOrderView) => {
    orders = [order, ...orders.filter(({ id }) => id !== order.id)];
    return { ok: true, order } as const;
  };
  const unknown = { ok: false, code: 'work-order-unknown' } as const;
  return {
    listWorkOrders: () => orders.filter(order => order.closedAt === null),
    findWorkOrder({ text }: { text: string }): FindWorkOrderAnswer {
      const id = text.trim();
      if (id === '' || id.length > 60) return { ok: false, code: 'work-order-invalid' };
      const order = find(id);
      return { ok: true, id, ...(order && { order }) };
    },
    openWorkOrder({ id, product, quantity, targetPerHour }: NewWorkOrder): WorkOrderAnswer {
      if (find(id)) return { ok: false, code: 'work-order-exists' };
      const order = orderOf(id, {
        product: product ?? 'Gateway GX-2',
        quantity: quantity ?? null,
        targetPerHour: targetPerHour ?? 45,
        passed: 0,
      });
      become(order);
      return keep(order);
    },
    chooseWorkOrder({ id }: { id: string }): WorkOrderAnswer {
      const order = find(id);
      if (!order) return unknown;
      const open = { ...order, closedAt: null };
      become(open);
      return keep(open);
    },
    setWorkOrderAside: () => become(null),
    closeWorkOrder({ id }: { id: string }): WorkOrderAnswer {
      const order = find(id);
      if (!order) return unknown;
      become(null);
      return keep({ ...order, closedAt: openedAt + 7_200_000 });
    },
    /** Mina alone, by her PIN. */
    changeQuantity({ id, quantity, by }: QuantityAct): WorkOrderAnswer {
      const order = find(id);
      if (!order) return unknown;
      if (by && !('id' in by && by.id === 'mina' && by.pin === '240817'))
        return { ok: false, code: 'sign-in-refused' };
      const changed = { ...order, quantity };
      become(changed);
      return keep(changed);
    },
    lastAttempts: ({ limit }: { limit: number }): readonly LastAttempt[] => attempts.slice(0, limit),
  };
}

const ends = [
  ['passed', 'passed'],
  ['failed', 'bridge-unreachable'],
  ['passed', 'passed'],
  ['refused', 'clone'],
  ['retest', 'retest'],
  ['failed', 'tpm-locked-out'],
] as const;

const attempts: readonly LastAttempt[] = Array.from({ length: 60 }, (_, index) => {
  const [verdict, code] = ends[index % ends.length]!;
  return {
    harvestId: `harvest-${index}`,
    at: Date.UTC(2026, 10, 20, 14, 7) - index * 71_000,
    serial: index % 11 === 5 ? null : `GX2-${String(4311 - index).padStart(6, '0')}`,
    product: 'Gateway GX-2',
    workOrder: 'WO-88213',
    fixture: `f${(index % 4) + 1}`,
    verdict,
    code,
    durationMs: 1240,
  };
});

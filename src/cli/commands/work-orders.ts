import path from 'node:path';
import type { Command } from 'commander';
import type { Actor } from '../../station/access/authorize.ts';
import type { ArchivedOrder, ArchiveStep } from '../../station/archive/archive-work-order.ts';
import type { StationCore } from '../../station/open-core.ts';
import type { WorkOrderView } from '../../station/work-orders.ts';
import { type ActOptions, actAction } from '../acting.ts';
import { action, wholeNumber, withCore } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { withSecrets } from '../secret-input.ts';
import { type ActingOptions, actingAs, addActingOption } from '../sign-in.ts';
import { facts, table } from '../table.ts';

interface OpenOptions extends ActingOptions {
  readonly product?: string;
  readonly quantity?: number;
}

interface ArchiveOptions extends ActOptions {
  readonly out: string;
  readonly acceptDebt?: boolean;
}

export function addWorkOrderCommands(program: Command): void {
  const orders = program
    .command('work-order')
    .description('lots: open, list and close them, archive closed ones');

  const open = orders
    .command('open <order>')
    .description(
      'a new lot, which the station works on from now on; what was recorded under its number counts',
    )
    .option('--product <name>', 'what it is of (default: the current product)')
    .option(
      '--quantity <n>',
      'how many it shall have; beyond them new devices are refused',
      wholeNumber('--quantity', 1, Number.MAX_SAFE_INTEGER),
    );
  orderAction<OpenOptions>(open, async (core, id, who, { product, quantity }) => {
    const { openWorkOrder } = await import('../../station/work-orders.ts');
    return openWorkOrder(core, { id, product, quantity }, who);
  });

  const close = orders
    .command('close <order>')
    .description(
      'the lot is done and the station works on it no more; chosen at the kiosk, it is open again',
    );
  orderAction<ActingOptions>(close, async (core, id, who) => {
    const { closeWorkOrder, workOrderId } = await import('../../station/work-orders.ts');
    return closeWorkOrder(core, workOrderId(id), who);
  });

  const list = orders
    .command('list')
    .description('work orders, newest first, and where the entries of archived ones rest')
    .option('--limit <n>', 'at most so many', wholeNumber('--limit', 1, 100_000), 50);
  action<{ readonly limit: number }>(list, async (invocation, { limit }) =>
    withCore(invocation, async core => {
      const { listWorkOrders } = await import('../../station/work-orders.ts');
      const found = listWorkOrders(core, limit);
      invocation.output.document({ workOrders: found }, () =>
        found.length === 0 ? 'no work order was opened here' : orderTable(found),
      );
      return exitCodes.done;
    }),
  );

  const archive = orders
    .command('archive <order>')
    .description(
      'write the entries of a closed work order to a file that verifies by itself, and let the ledger keep their hashes alone',
    )
    .requiredOption('--out <folder>', 'where the file goes; there, and not in the data directory')
    .option('--accept-debt', 'also where devices of it are in certificate debt')
    .option('--reason <text>', 'goes into the audit', 'archived');
  actAction<ArchiveOptions>(archive, async ({ core, act, args, signal }, { out, acceptDebt }) => {
    const { archiveWorkOrder } = await import('../../station/archive/archive-work-order.ts');
    const { ProgressLine } = await import('../progress-line.ts');
    let line: InstanceType<typeof ProgressLine> | undefined;
    let shown: ArchiveStep | undefined;
    const archived = await archiveWorkOrder(core, {
      workOrder: args[0]!,
      folder: out,
      acceptDebt,
      act,
      signal,
      onProgress: process.stderr.isTTY
        ? (step, done, all) => {
            if (step !== shown) {
              line?.end();
              line = new ProgressLine({ to: process.stderr, done: steps[step] });
              shown = step;
            }
            line?.show(done, all - done);
          }
        : undefined,
    }).finally(() => line?.end());
    return { document: archived, text: described(archived) };
  });

  const compact = orders
    .command('compact')
    .description(
      'write the ledger’s file anew without the room that archived entries left; nothing else of the station may run',
    );
  action(compact, async ({ output, dataDirectory }) => {
    const { compactLedger } = await import('../../station/archive/compact-ledger.ts');
    const { bytesBefore, bytesAfter } = compactLedger(dataDirectory);
    output.document({ bytesBefore, bytesAfter }, () =>
      facts([
        ['before', megabytes(bytesBefore)],
        ['now', megabytes(bytesAfter)],
      ]),
    );
    return exitCodes.done;
  });
}

/** For acts that are everybody's (`../../station/work-orders.ts`): they ask for no role and no reason. */
function orderAction<Options extends ActingOptions>(
  command: Command,
  work: (core: StationCore, id: string, who: Actor, options: Options) => Promise<WorkOrderView>,
): void {
  addActingOption(command);
  action<Options>(command, (invocation, options, [id]) =>
    withSecrets(invocation, input =>
      withCore(invocation, async core => {
        const order = await work(core, id!, await actingAs(core, options, input), options);
        invocation.output.document(order, () => orderText(order));
        return exitCodes.done;
      }),
    ),
  );
}

function orderText({ id, product, quantity, passed, closedAt }: WorkOrderView): string {
  return facts([
    [closedAt === null ? 'open' : 'closed', id],
    ['product', product],
    ['quantity', quantity],
    ['passed', passed],
  ]);
}

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;

const steps: Readonly<Record<ArchiveStep, string>> = {
  write: 'written',
  verify: 'verified',
  'let-go': 'let go',
};

function orderTable(orders: readonly WorkOrderView[]): string {
  return table([
    ['work order', 'product', 'quantity', 'passed', 'opened', 'closed', 'archived'],
    ...orders.flatMap(order => {
      const [archive, ...more] = order.archives ?? [];
      return [
        [
          order.id,
          order.product,
          `${order.quantity ?? '-'}`,
          `${order.passed}`,
          new Date(order.openedAt).toISOString(),
          order.closedAt === null ? '-' : new Date(order.closedAt).toISOString(),
          archive ? archiveText(archive) : '-',
        ],
        ...more.map(each => ['', '', '', '', '', '', archiveText(each)]),
      ];
    }),
  ]);
}

function archiveText({ file, sha256, entries, at }: NonNullable<WorkOrderView['archives']>[number]): string {
  return `${new Date(at).toISOString()}: ${entries} entries in ${file}, SHA-256 ${sha256}`;
}

function described(archived: ArchivedOrder): string {
  return facts([
    [
      archived.isNew ? 'archived' : 'was archived',
      `${archived.workOrder}${archived.rehearsal ? '   [rehearsal]' : ''}`,
    ],
    ['file', archived.isNew ? archived.file : path.basename(archived.file)],
    ['SHA-256', archived.sha256],
    ['size', megabytes(archived.bytes)],
    ['entries', `${archived.entries}, of ${archived.first} to ${archived.last} in ${archived.origin}`],
    ['read back', archived.readBack && readBackWords[archived.readBack]],
    [
      'let go',
      archived.isWhole ? `${archived.letGo}` : `${archived.letGo}, not all yet: archive it again to go on`,
    ],
    ['room', 'stays in the ledger’s file until `keyline work-order compact`'],
  ]);
}

const readBackWords = {
  medium: 'from the medium, byte for byte, and verified',
  cache: 'byte for byte, and verified; the system may have answered from its memory',
} as const;

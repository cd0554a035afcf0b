/** Stations without a network: their entries travel as a file to a station that enrols them, and receipts travel back. */
import type { Command } from 'commander';
import type { StationCore } from '../../station/open-core.ts';
import { visibleText } from '../../station/quote-text.ts';
import { type ActOptions, actAction } from '../acting.ts';
import { action, commandLineAccount, wholeNumber, withCore } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { facts, table } from '../table.ts';
import { UsageError } from '../usage-error.ts';

interface PackOptions {
  readonly out: string;
  readonly maxSize?: number;
  readonly validDays?: number;
}

interface ReceiptOptions {
  readonly out: string;
  readonly bundle?: string;
}

export function addCourierCommands(program: Command): void {
  const courier = program
    .command('courier')
    .description(
      'carry what waits for DPS from a station without a network to one that has it, and receipts back',
    );
  addPack(courier);
  addUnpack(courier);
  addReceipt(courier);
  addTrust(courier);
  addKey(courier);
  addList(courier);
}

function addPack(courier: Command): void {
  const pack = courier
    .command('pack')
    .description(
      'write all that waits for DPS into one signed bundle; it goes on waiting until a receipt comes back',
    )
    .requiredOption('--out <file>', 'the bundle; its parts are FILE.1-of-3, …')
    .option('--max-size <size>', 'split it into files of at most so many bytes, such as 8M', sizeOf)
    .option(
      '--valid-days <n>',
      'days that it may be taken (default: as configured)',
      wholeNumber('--valid-days', 1, 365),
    );
  action<PackOptions>(pack, async (invocation, options) =>
    withCore(invocation, async core => {
      const { packBundle } = await import('../../station/courier/pack-bundle.ts');
      const packed = await packBundle(core, {
        out: options.out,
        maxBytes: options.maxSize,
        validDays: options.validDays,
        account: commandLineAccount(),
        signal: invocation.signal,
      });
      if (packed.clock === 'unsynced')
        invocation.output.note(
          'keyline: nothing keeps this clock in step; check it, because the bundle is valid by it',
        );
      if (packed.receiver === null)
        invocation.output.note(
          'keyline: no receiver is pinned here, so no receipt closes anything yet; a supervisor adds its key with keyline courier trust add --receiver',
        );
      for (const entryId of packed.unreadable)
        invocation.output.note(
          `keyline: entry ${entryId} cannot be read and is not in it; look at it with keyline queue show`,
        );
      invocation.output.document(packed, () =>
        facts([
          ['bundle', `${packed.sequence} (${packed.bundleId})`],
          ['entries', packed.entries],
          ['for DPS', packed.target.host],
          ['for', packed.receiver ?? 'any station that takes it'],
          ['valid until', packed.validUntil],
          ['encrypted', packed.encrypted ? 'yes' : 'no: signed only'],
          ['no room for', packed.left === 0 ? undefined : packed.left],
          ['for another DPS', packed.otherDps === 0 ? undefined : packed.otherDps],
          [
            'brought from other stations, to be sent from here',
            packed.brought === 0 ? undefined : packed.brought,
          ],
          ['behind what a person must decide', packed.held === 0 ? undefined : packed.held],
          ...packed.files.map(file => ['written', file] as const),
        ]),
      );
      return exitCodes.done;
    }),
  );
}

const noticeTexts = {
  known: 'this bundle was taken before; nothing is enrolled twice',
  gap: 'bundles before this one never came; what was in them and is still open is in this one, too',
  late: 'a later bundle of this station came first',
  'number-again':
    'another bundle of this station had the same number: it went back to an earlier state, or a copy of it is at work; ask there which of its devices it still knows',
  'clock-unsynced':
    'nothing keeps the clock of this station or of the other one in step, so its dates say little',
  'made-in-future': 'by this clock the bundle was made in the future: one of the two clocks is wrong',
} as const;

function addUnpack(courier: Command): void {
  const unpack = courier
    .command('unpack <files...>')
    .description('take a bundle of a station on the list into this outbox; name all its parts');
  action<object>(unpack, async (invocation, _options, files) =>
    withCore(invocation, async core => {
      const { unpackBundle } = await import('../../station/courier/unpack-bundle.ts');
      const taken = await unpackBundle(core, { files, account: commandLineAccount() });
      const { counts, missing } = taken;
      for (const notice of taken.notices) {
        const which = notice === 'gap' ? ` (${missing.join(', ')})` : '';
        invocation.output.note(`keyline: ${noticeTexts[notice]}${which} (${notice})`);
      }
      invocation.output.document(taken, () =>
        [
          `bundle ${taken.sequence} of ${taken.origin}, packed ${taken.madeAt}`,
          `${counts.taken} taken, ${counts.known} known from earlier bundles, ${counts['already-here']} here already, ${counts.refused} refused`,
          ...taken.refused.map(
            ({ serial, entryId, code, detail }) =>
              `  ${visibleText(serial ?? entryId)}  ${code}: ${visibleText(detail)}`,
          ),
        ].join('\n'),
      );
      return counts.refused > 0 ? exitCodes.refused : exitCodes.done;
    }),
  );
}

function addReceipt(courier: Command): void {
  const receipt = courier
    .command('receipt')
    .description('what became of a bundle, back to the station that packed it');
  const write = receipt
    .command('write')
    .description('write what became of a bundle so far, signed; write it again later for the rest')
    .requiredOption('--out <file>', 'the receipt')
    .option('--bundle <id>', 'of which bundle (default: the newest one, where all are of one station)');
  action<ReceiptOptions>(write, async (invocation, options) =>
    withCore(invocation, async core => {
      const { writeReceipt } = await import('../../station/courier/write-receipt.ts');
      const written = await writeReceipt(core, {
        out: options.out,
        bundleId: options.bundle,
        account: commandLineAccount(),
        signal: invocation.signal,
      });
      const { counts } = written;
      invocation.output.document(written, () =>
        [
          `receipt ${written.number} for bundle ${written.sequence} of ${written.origin}: ${written.file}`,
          `${counts.enrolled} enrolled, ${counts.conflict} in conflict, ${counts.refused} refused, ${counts.waiting} still waiting here`,
        ].join('\n'),
      );
      return exitCodes.done;
    }),
  );

  const take = receipt
    .command('take <files...>')
    .description('close the entries that a receipt of the pinned receiver speaks of');
  action<object>(take, async (invocation, _options, files) =>
    withCore(invocation, async core => {
      const { takeReceipt } = await import('../../station/courier/take-receipt.ts');
      const taken = await takeReceipt(core, { files, account: commandLineAccount() });
      const { counts } = taken;
      if (taken.older) invocation.output.note('keyline: a newer receipt for this bundle was taken before');
      for (const entryId of taken.cancelledHere)
        invocation.output.note(
          `keyline: DPS has entry ${entryId}, which was cancelled here; delete the device if it is not to be there`,
        );
      invocation.output.document(taken, () =>
        [
          `receipt ${taken.number} of ${taken.origin} for bundle ${taken.sequence}`,
          `${counts.enrolled} enrolled, ${counts.conflict} in conflict, ${counts.refused} refused, ${counts['closed-before']} closed before, ${counts.waiting} still waiting`,
        ].join('\n'),
      );
      return counts.conflict + counts.refused > 0 ? exitCodes.refused : exitCodes.done;
    }),
  );
}

interface TrustOptions extends ActOptions {
  readonly receiver?: boolean;
}

function addTrust(courier: Command): void {
  const trust = courier.command('trust').description('whose bundles this station takes, and whose receipts');
  const add = trust
    .command('add <key>')
    .description(
      'take bundles of the station with this key: the verifier key itself, or a file that holds it',
    )
    .option('--receiver', 'take its receipts instead: it is where bundles of this station go')
    .requiredOption('--reason <text>', 'goes into the audit');
  actAction<TrustOptions>(add, async ({ core, act, args }, options) => {
    const { trustPeer } = await import('../../station/courier/peers.ts');
    const { readKey } = await import('../../station/courier/read-key.ts');
    const peer = trustPeer(core, readKey(args[0]!), options.receiver ? 'receipts' : 'bundles', act);
    return { document: peer, text: `takes ${peer.takes} of ${peer.origin}` };
  });

  const remove = trust
    .command('remove <station>')
    .description('take nothing more of this station')
    .requiredOption('--reason <text>', 'goes into the audit');
  actAction(remove, async ({ core, act, args }) => {
    const { distrustPeer } = await import('../../station/courier/peers.ts');
    const peer = distrustPeer(core, args[0]!, act);
    return { document: peer, text: `takes nothing more of ${peer.origin}` };
  });

  const list = trust.command('list').description('the stations on the list');
  action<object>(list, async invocation =>
    withCore(invocation, async core => {
      const { courierPeers } = await import('../../station/courier/peers.ts');
      const peers = courierPeers(core);
      invocation.output.document({ peers }, () =>
        peers.length === 0
          ? 'no station is on the list'
          : table([
              ['takes', 'of', 'since', 'key'],
              ...peers.map(peer => [peer.takes, peer.origin, time(peer.addedAt), peer.verifierKey]),
            ]),
      );
      return exitCodes.done;
    }),
  );
}

function addKey(courier: Command): void {
  const key = courier
    .command('key')
    .description(
      'what the sending stations need of this one: its verifier key (also as a QR code) and its recipient for encryption',
    );
  action<object>(key, async invocation =>
    withCore(invocation, async core => {
      const { courierKey } = await import('../../station/courier/courier-key.ts');
      const mine = await courierKey(core);
      const picture = invocation.output.json ? '' : await qrOf(mine.verifierKey);
      invocation.output.document(mine, () =>
        [
          facts([
            ['key', mine.verifierKey],
            ['courier.recipient', mine.recipient],
          ]),
          picture,
        ].join('\n'),
      );
      return exitCodes.done;
    }),
  );
}

function addList(courier: Command): void {
  const list = courier
    .command('list')
    .description('bundles that were packed and taken here, newest first')
    .option('--limit <n>', 'at most so many of each', wholeNumber('--limit', 1, 10_000), 20);
  action<{ readonly limit: number }>(list, async (invocation, { limit }) =>
    withCore(invocation, async (core: StationCore) => {
      const { listBundles } = await import('../../station/courier/list-bundles.ts');
      const bundles = listBundles(core, limit);
      invocation.output.document(bundles, () => {
        const rows = [
          ...bundles.packed.map(one => [
            'packed',
            String(one.sequence),
            one.madeAt,
            String(one.entries),
            one.receipt === 0 ? '-' : String(one.receipt),
            one.bundleId,
            'here',
          ]),
          ...bundles.taken.map(one => [
            'taken',
            String(one.sequence),
            one.madeAt,
            String(one.entries),
            one.receipts === 0 ? '-' : String(one.receipts),
            one.bundleId,
            one.origin,
          ]),
        ];
        return rows.length === 0
          ? 'no bundle was packed or taken here'
          : table([['', 'number', 'made', 'entries', 'receipt', 'bundle', 'of'], ...rows]);
      });
      return exitCodes.done;
    }),
  );
}

const time = (at: number): string => new Date(at).toISOString();

async function qrOf(text: string): Promise<string> {
  const { renderUnicodeCompact } = await import('uqr');
  return renderUnicodeCompact(text, { border: 2 });
}

const units = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 } as const;

function sizeOf(text: string): number {
  const [, number, unit = ''] = /^([1-9]\d{0,11})([KMG]?)$/.exec(text) ?? [];
  if (number === undefined)
    throw new UsageError(`--max-size is a number of bytes such as 4000000, 512K or 8M, not "${text}"`);
  return Number(number) * units[unit as keyof typeof units];
}

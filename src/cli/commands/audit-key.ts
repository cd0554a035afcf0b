/**
 * What an auditor keeps where the ledger is not: the station's verifier key and its checkpoints, as text and as a QR code to
 * be photographed at the end of a shift; and the exchange of the key.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import type { StationCore } from '../../station/open-core.ts';
import { actAction } from '../acting.ts';
import { action, withCore } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { facts } from '../table.ts';

interface QrOptions {
  readonly svg?: string;
}

const svgOption = ['--svg <file>', 'also write the QR code as an SVG picture'] as const;

export function addAuditKeyCommands(audit: Command): void {
  const key = audit
    .command('key')
    .description('the verifier key of this station, as text and as a QR code; give it to whoever verifies')
    .option(...svgOption);
  action<QrOptions>(key, async (invocation, options) =>
    withCore(invocation, async core => {
      const { keyChainOf } = await import('../../station/log/log-keys.ts');
      const { origin, verifierKey, logId } = core.identity;
      const { keys } = keyChainOf(core, logId);
      const picture = await qrOf(core, verifierKey, options);
      invocation.output.document({ origin, verifierKey, keys }, () =>
        [
          facts([['origin', origin], ...keys.map((each, at) => [keyName(at, keys.length), each] as const)]),
          picture,
        ].join('\n'),
      );
      return exitCodes.done;
    }),
  );

  const checkpoint = audit
    .command('checkpoint')
    .description(
      'sign a checkpoint of the audit log, keep it outside the ledger too, and show it as a QR code',
    )
    .option(...svgOption);
  action<QrOptions>(checkpoint, async (invocation, options) =>
    withCore(invocation, async core => {
      const { keepCheckpoint } = await import('../../station/log/keep-checkpoint.ts');
      const kept = keepCheckpoint(core);
      const picture = await qrOf(core, kept.note, options);
      for (const fault of kept.faults) invocation.output.note(`keyline: not kept in ${fault}`);
      invocation.output.document(kept, () =>
        [
          facts([
            ['origin', kept.origin],
            ['entries', kept.size],
            ['root', kept.rootHash],
            ...kept.files.map(file => ['kept in', file] as const),
          ]),
          kept.note,
          picture,
        ].join('\n'),
      );
      return exitCodes.done;
    }),
  );

  const rotate = audit
    .command('rotate-key')
    .description(
      'let a new key sign from here on; the old one is destroyed, and what it signed still verifies',
    )
    .requiredOption('--reason <text>', 'goes into the audit');
  actAction(rotate, async ({ core, act }) => {
    const { rotateKey } = await import('../../station/log/rotate-key.ts');
    const rotated = rotateKey(core, act);
    return {
      document: rotated,
      text: facts([
        ['origin', rotated.origin],
        ['entry', rotated.index],
        ['old key', rotated.previousVerifierKey],
        ['new key', rotated.verifierKey],
      ]),
    };
  });
}

function keyName(at: number, all: number): string {
  if (all === 1) return 'key';
  if (at === all - 1) return 'key now';
  return at === 0 ? 'first key' : 'then';
}

/** For a terminal; and as a picture where one is asked for. */
async function qrOf(core: StationCore, text: string, { svg }: QrOptions): Promise<string> {
  const { renderSVG, renderUnicodeCompact } = await import('uqr');
  if (svg !== undefined) {
    const { refuseStationFile } = await import('../../station/export/station-files.ts');
    const file = path.resolve(svg);
    refuseStationFile(core.directory, file);
    await writeFile(file, renderSVG(text, { border: 4 }));
  }
  return renderUnicodeCompact(text, { border: 2 });
}

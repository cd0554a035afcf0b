import { type Command, Option } from 'commander';
import { type Decision, decisions } from '../../station/conflict-desk/decisions.ts';
import type { Resolution } from '../../station/conflict-desk/resolve-entry.ts';
import { action, withCore } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { withSecrets } from '../secret-input.ts';
import { type ActingOptions, actingAs, addActingOption } from '../sign-in.ts';

interface Options extends ActingOptions {
  readonly decision: Decision;
  readonly reason: string;
}

export function addResolve(queue: Command): void {
  const resolve = queue
    .command('resolve <entry>')
    .description('decide on an entry in conflict or set aside; `queue show` says what is open')
    .addOption(
      new Option('--decision <decision>', 'what is to be done').choices([...decisions]).makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', 'goes into the audit')
    .addHelpText(
      'after',
      '\nkeep: what DPS has stays; a device that is not that one leaves service. replace: ours takes its place (by etag).\nnew-id: the device gets the id of its template with a suffix of its key. cancel: it is not sent.\nretarget: what was made for another DPS goes to the one that is configured.',
    );
  addActingOption(resolve);
  action<Options>(resolve, async (invocation, options, [entryId]) =>
    withSecrets(invocation, input =>
      withCore(invocation, async core => {
        const { resolveEntry } = await import('../../station/conflict-desk/resolve-entry.ts');
        const { decision, reason } = options;
        const who = await actingAs(core, options, input);
        const resolution = resolveEntry(core, { entryId: entryId!, decision, reason }, who);
        invocation.output.document(resolution, () => describe(resolution));
        return exitCodes.done;
      }),
    ),
  );
}

function describe({ entryId, decision, state, nextEntryId, registrationId, retired }: Resolution): string {
  const next =
    nextEntryId === null || nextEntryId === entryId
      ? ''
      : `; ${nextEntryId} is to be sent for ${registrationId}`;
  const told =
    decision === 'new-id' ? '\nTell the device this id: by itself it registers with the one of its key.' : '';
  return `${entryId} is ${state}${next}${retired ? '; its device left service' : ''}${told}`;
}

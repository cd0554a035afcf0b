/** What a supervisor decides about a harvest that was refused as a duplicate (rule H6), as on the Station screen. */
import type { Command } from 'commander';
import type { Overruling } from '../../station/overruling/overruling.ts';
import { actAction } from '../acting.ts';
import { action, withCore } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { attemptText, describeOverruled } from '../overruling-text.ts';

const stands = 'nothing is tested again: the evidence of the harvest counts';

export function addOverrulingCommands(devices: Command): void {
  addCompare(devices);
  addDecision(
    devices,
    'relabel',
    `a supervisor decides on a harvest that was refused as a clone: its key has the scanned serial from now on; ${stands}`,
  );
  addDecision(
    devices,
    'accept',
    `a supervisor decides on a harvest that was refused for another key: its serial goes on with the key that was read; ${stands}`,
  );
}

function addCompare(devices: Command): void {
  const command = devices
    .command('compare <harvest>')
    .description(
      'a harvest that was refused as a duplicate beside what is on record, and what can be decided',
    );
  action(command, async (invocation, _options, [harvestId]) =>
    withCore(invocation, async core => {
      const { compareAttempt } = await import('../../station/overruling/compare-attempt.ts');
      const comparison = compareAttempt(core, harvestId!);
      invocation.output.document(comparison, () => attemptText(comparison));
      return exitCodes.done;
    }),
  );
}

function addDecision(devices: Command, overruling: Overruling, description: string): void {
  const command = devices
    .command(`${overruling} <harvest>`)
    .description(description)
    .requiredOption('--reason <text>', 'goes into the audit');
  actAction(command, async ({ core, act, args }) => {
    const { overruleAttempt } = await import('../../station/overruling/overrule-attempt.ts');
    const decided = overruleAttempt(core, { harvestId: args[0]!, overruling }, act);
    return { document: decided, text: describeOverruled(decided) };
  });
}

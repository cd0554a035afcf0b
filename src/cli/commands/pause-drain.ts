import type { Command } from 'commander';
import { actAction } from '../acting.ts';

export function addPauseAndResume(queue: Command): void {
  const pause = queue
    .command('pause')
    .description('send nothing more to DPS until it is resumed; what is tested meanwhile waits')
    .requiredOption('--reason <text>', 'goes into the audit');
  actAction(pause, async ({ core, act }) => {
    const { pauseDrain } = await import('../../station/drain/pause-drain.ts');
    const paused = pauseDrain(core, act);
    const since = new Date(paused.since).toISOString();
    return { document: { paused }, text: `paused since ${since}: ${paused.reason}` };
  });

  const resume = queue
    .command('resume')
    .description('send again what waits')
    .requiredOption('--reason <text>', 'goes into the audit');
  actAction(resume, async ({ core, act }) => {
    const { resumeDrain } = await import('../../station/drain/pause-drain.ts');
    resumeDrain(core, act);
    return { document: { paused: null }, text: 'not paused' };
  });
}

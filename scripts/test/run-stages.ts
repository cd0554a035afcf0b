/** Runs stages one after the other, each on this Node with the terminal for itself, up to the first that fails. */
import { spawnSync } from 'node:child_process';
import type { Stage } from './stages.ts';

/** @returns the exit code of the stage that failed, else 0 */
export function runStages(root: string, stages: readonly Stage[]): number {
  for (const { name, argv } of stages) {
    const started = performance.now();
    console.log(`── ${name}`);
    const { status, signal } = spawnSync(process.execPath, argv, { cwd: root, stdio: 'inherit' });
    if (status !== 0) {
      console.error(`npm test: ${name} failed${signal === null ? '' : ` (${signal})`}`);
      return status ?? 1;
    }
    // After the tests their own counts are the last lines.
    if (name !== 'tests') console.log(`   ${name}: good, ${Math.round(performance.now() - started)} ms`);
  }
  return 0;
}

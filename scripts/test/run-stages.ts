/** Runs stages one after the other, each on this Node with the terminal for itself, up to the first that fails. */
import { spawnSync } from 'node:child_process';
import type { Stage } from './stages.ts';

/** Many times what the slowest stage takes. A test file that leaves something running would else never end. */
const stageLimitMs = 30 * 60_000;

/** @returns the exit code of the stage that failed, else 0 */
export function runStages(root: string, stages: readonly Stage[], limitMs: number = stageLimitMs): number {
  for (const { name, argv } of stages) {
    const started = performance.now();
    console.log(`── ${name}`);
    // At the limit it gets SIGTERM, upon which node:test names the files that were still running.
    const { status, signal, error } = spawnSync(process.execPath, argv, {
      cwd: root,
      stdio: 'inherit',
      timeout: limitMs,
    });
    if (status !== 0 || error !== undefined) {
      const how = error ? `: ${error.message}` : signal === null ? '' : ` (${signal})`;
      console.error(`npm test: ${name} failed${how}`);
      return status || 1;
    }
    // After the tests their own counts are the last lines.
    if (name !== 'tests') console.log(`   ${name}: good, ${Math.round(performance.now() - started)} ms`);
  }
  return 0;
}

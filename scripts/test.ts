/**
 * `npm test`: every check and every test, stopping at the first stage that fails. `npm test -- test/tcti` runs only
 * those tests. The last lines are node:test's own counts; the exit code is that of the stage that failed.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { NoSuchTests, type Stage, stages } from './test/stages.ts';

const root = path.dirname(import.meta.dirname);

function plan(): readonly Stage[] {
  try {
    return stages(root, process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof NoSuchTests)) throw error;
    console.error(`npm test: ${error.message}`);
    process.exit(2);
  }
}

for (const { name, argv } of plan()) {
  const started = performance.now();
  console.log(`── ${name}`);
  const { status, signal } = spawnSync(process.execPath, argv, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`npm test: ${name} failed${signal === null ? '' : ` (${signal})`}`);
    process.exit(status ?? 1);
  }
  if (name !== 'tests') console.log(`   ${name}: good, ${Math.round(performance.now() - started)} ms`);
}

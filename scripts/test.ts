/**
 * `npm test`: every check and every test, stopping at the first stage that fails. `npm test -- test/tcti` runs only
 * those tests. The last lines are node:test's own counts; the exit code is that of the stage that failed.
 */
import path from 'node:path';
import { runStages } from './test/run-stages.ts';
import { NoSuchTests, type Stage, stages } from './test/stages.ts';

const root = path.dirname(import.meta.dirname);
// Stations of tests leave nothing in the keyring of whoever runs them; those about keyrings bring their own.
process.env.KEYLINE_SECRET_STORE ??= 'files';
// A hundred files load the same modules, each in a process of its own.
process.env.NODE_COMPILE_CACHE ??= path.join(root, 'node_modules', '.cache', 'keyline-compiled');
// The stage before the tests builds it.
process.env.KEYLINE_GALLERY_BUILT = '1';
process.exitCode = runStages(root, stagesOrExit());

function stagesOrExit(): readonly Stage[] {
  try {
    return stages(root, process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof NoSuchTests)) throw error;
    console.error(`npm test: ${error.message}`);
    process.exit(2);
  }
}

/** `npm run imports`: every import of every file goes in a direction that `imports/directions.ts` allows. */
import path from 'node:path';
import { checkImports } from './imports/check.ts';

const { files, imports, problems } = checkImports(path.dirname(import.meta.dirname));
for (const { rule, imports } of problems) console.error(`${rule}:\n  ${imports}`);
console.log(`   ${files} files, ${imports} imports, ${problems.length} against the rules`);
// A check that saw nothing proves nothing.
if (problems.length > 0 || imports === 0) process.exitCode = 1;

/**
 * Loaded into a station process with `--import` by the crash harness, ahead of the product, which knows nothing of it: ends
 * the process with SIGKILL at one of its points, or takes one promise out of the product (`sabotage.ts`).
 */

import { watchFiles } from './file-points.ts';
import { killAtPoints } from './points.ts';
import { watchRequests } from './request-points.ts';
import { breakPromise } from './sabotage.ts';
import { watchStatements } from './statement-points.ts';

/** JSON in the environment variable `CRASH_PLAN`. */
export interface CrashPlan {
  /** Ordinal of the point at which the process ends, from 1 on; absent = it lives. */
  readonly killAt?: number | undefined;
  readonly sabotage?: string | undefined;
}

const plan = JSON.parse(process.env.CRASH_PLAN ?? '{}') as CrashPlan;
if (plan.sabotage !== undefined) breakPromise(plan.sabotage);
killAtPoints(plan.killAt);
watchStatements();
watchRequests();
await watchFiles();

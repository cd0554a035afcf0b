/** Code under test that breaks a promise in the way that its case names; the judge must say so. */
import { workerData } from 'node:worker_threads';
import type { WorkOrder } from '../../scripts/fuzz/run-fuzz.ts';
import { showCase } from '../../scripts/fuzz/shared-case.ts';

const { only, current } = workerData as WorkOrder;
showCase(current, only!);
switch (only!.kind) {
  case 'endless loop':
    for (;;);
  case 'never settles':
    setInterval(() => {}, 1_000);
    break;
  case 'unhandled rejection':
    void Promise.reject(new Error('nobody waited'));
    break;
  case 'exit':
    process.exit(7);
}

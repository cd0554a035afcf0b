/** The operations of both APIs by name, as faults name them. */
import { deviceOperations } from './device/device-api.ts';
import { operations } from './service-operations.ts';

const all = [...operations, ...deviceOperations];
export type OperationName = (typeof all)[number]['name'];
export const operationNames = all.map(operation => operation.name);

/** The operation that a request names; undefined where none is. */
export function operationOf(method: string, path: string): OperationName | undefined {
  return all.find(operation => operation.method === method && operation.path.test(path))?.name;
}

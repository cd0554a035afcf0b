/** The `api-version` that every request of both APIs must name: those that Microsoft's SDKs send. */
import type { ReceivedRequest } from './received-request.ts';
import { badRequest, type Refusal } from './refusal.ts';

const apiVersions = ['2021-10-01', '2021-06-01', '2019-03-31'];

export function apiVersionRefusal(request: ReceivedRequest): Refusal | undefined {
  const version = request.query.get('api-version');
  return version === null || !apiVersions.includes(version)
    ? badRequest(`The api-version must be one of ${apiVersions.join(', ')}.`)
    : undefined;
}

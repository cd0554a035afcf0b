/** Points around each HTTPS request: before it, when it is written, when the reply begins and when it is whole. */
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import { pass } from './points.ts';

export function watchRequests(): void {
  const { request } = https;
  https.request = ((...given: Parameters<typeof request>) => {
    pass('before a request');
    const made = request.apply(https, given);
    made.once('finish', () => pass('request written'));
    made.once('response', reply => {
      pass('reply begins');
      // The first listener: the product has not heard the end yet.
      reply.once('end', () => pass('reply is whole'));
    });
    return made;
  }) as typeof request;
  syncBuiltinESMExports();
}

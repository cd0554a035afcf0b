/**
 * `garbage`: the work is done and kept, and the answer has the right status and a wrong body: text that is no JSON, bytes
 * that are no text, nothing, JSON of another shape, or the page of a portal in between.
 */
import { z } from 'zod';
import { Answer, RawBody } from '../reply.ts';
import { faultKind } from './fault.ts';

const json = 'application/json; charset=utf-8';
const bodies = {
  text: new RawBody(json, Buffer.from('{"errors": [}')),
  bytes: new RawBody(json, Buffer.from('8000fffe00c3280a', 'hex')),
  nothing: new RawBody(json, Buffer.alloc(0)),
  'other-json': new RawBody(json, Buffer.from('[{"isSuccessful": "perhaps"}, null, 7]')),
  page: new RawBody('text/html', Buffer.from('<!doctype html><title>Sign in</title><p>Please sign in.')),
} as const;

export const garbage = faultKind({
  kind: 'garbage',
  parameters: z.strictObject({
    body: z.enum(Object.keys(bodies) as (keyof typeof bodies)[]).default('text'),
  }),
  apply: async ({ body }, { work }) => {
    const reply = await work();
    return reply instanceof Answer ? new Answer(reply.status, reply.headers, bodies[body]) : reply;
  },
});

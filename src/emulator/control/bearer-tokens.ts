/** `/$emulator/bearer-tokens`: the bearer tokens that the service API accepts; the list tells none of them (rule S2). */
import { answer } from '../reply.ts';
import { type ControlResource, takingJson } from './resource.ts';

export const bearerTokens: ControlResource = {
  path: /^bearer-tokens$/,
  methods: {
    GET: ({ parts }) => answer(200, parts.bearerTokens.list()),
    POST: takingJson('bearer token', ({ parts }, json) => {
      const accepted = parts.bearerTokens.accept(json);
      return typeof accepted === 'string' ? accepted : answer(201, accepted);
    }),
    DELETE: ({ parts }) => {
      parts.bearerTokens.clear();
      return answer(204);
    },
  },
};

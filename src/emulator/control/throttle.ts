/** `/$emulator/throttle`: the budget of operations per minute. */
import { answer } from '../reply.ts';
import { type ControlResource, takingJson } from './resource.ts';

export const throttle: ControlResource = {
  path: /^throttle$/,
  methods: {
    GET: ({ parts }) => answer(200, { throttle: parts.budget.throttle ?? null }),
    POST: takingJson('throttle', ({ parts }, json) => {
      const limited = parts.budget.limit(json);
      return typeof limited === 'string' ? limited : answer(200, { throttle: limited });
    }),
    DELETE: ({ parts }) => {
      parts.budget.lift();
      return answer(204);
    },
  },
};

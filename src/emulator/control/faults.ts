/** `/$emulator/faults`: arms faults, lists them, takes all or one away. */
import { pathNotFound } from '../refusal.ts';
import { Answer, answer } from '../reply.ts';
import { type ControlResource, takingJson } from './resource.ts';

export const faults: ControlResource = {
  path: /^faults$/,
  methods: {
    GET: ({ parts }) => answer(200, parts.faults.list()),
    POST: takingJson('fault', ({ parts }, json) => {
      const armed = parts.faults.arm(json);
      return typeof armed === 'string'
        ? armed
        : new Answer(201, {}, armed.view, () => armed.begin(parts.network));
    }),
    DELETE: ({ parts }) => {
      parts.faults.clear();
      return answer(204);
    },
  },
};

export const oneFault: ControlResource = {
  path: /^faults\/(\d{1,9})$/,
  methods: {
    DELETE: ({ parts, name }) => (parts.faults.disarm(Number(name)) ? answer(204) : pathNotFound()),
  },
};

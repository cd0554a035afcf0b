/**
 * `GET /$emulator/state`: what is held and was counted. Totals are kept and not counted, and the list of counts comes by
 * pages, so that it is as quick with a million enrollments as with ten. `?registrationId=` asks for one.
 */
import { badRequest, Refusal } from '../refusal.ts';
import { answer } from '../reply.ts';
import type { ControlCall, ControlResource } from './resource.ts';

/** So many are listed at most, and unless the request says otherwise. */
const largestLimit = 100_000;

export const state: ControlResource = {
  path: /^state$/,
  methods: {
    GET: call => {
      const { store } = call.parts;
      const list = listed(call);
      if (list instanceof Refusal) return list;
      const { ids, ...totals } = store.enrollments.totals();
      return answer(200, {
        enrollments: list.counts,
        ...(list.next === undefined ? {} : { next: list.next }),
        totals: { registrationIds: ids, ...totals },
        ...store.traffic(),
      });
    },
  },
};

function listed({ parts: { store }, request: { query } }: ControlCall) {
  const registrationId = query.get('registrationId');
  if (registrationId !== null) {
    const counts = store.enrollments.countsOf(registrationId);
    return { counts: counts === undefined ? [] : [counts], next: undefined };
  }
  const limit = query.get('limit');
  if (limit !== null && !/^\d{1,9}$/.test(limit)) return badRequest('limit must be a whole number.');
  const size = limit === null ? largestLimit : Math.min(Number(limit), largestLimit);
  return store.enrollments.counts(query.get('after') ?? '', size);
}

/**
 * Which entries share a bulk request (rule O5). DPS takes up to ten, and refuses the whole request where one registration
 * id, compared without case, is in it twice.
 */
import type { OutboxEntry } from './store.ts';

/** DPS service API, Bulk Enrollment Operation: at most this many enrollments. */
export const bulkLimit = 10;

/** Every entry once, oldest first within its registration id; those for which `goesAlone` holds by themselves, last. */
export function makeBatches<Entry extends OutboxEntry>(
  entries: readonly Entry[],
  goesAlone: (entry: Entry) => boolean,
): readonly (readonly Entry[])[] {
  const shared: { readonly ids: Set<string>; readonly batch: Entry[] }[] = [];
  const alone: Entry[][] = [];
  for (const entry of entries) {
    if (goesAlone(entry)) {
      alone.push([entry]);
      continue;
    }
    const id = entry.registrationId.toLowerCase();
    let place = shared.find(({ ids, batch }) => batch.length < bulkLimit && !ids.has(id));
    if (!place) {
      place = { ids: new Set(), batch: [] };
      shared.push(place);
    }
    place.ids.add(id);
    place.batch.push(entry);
  }
  return [...shared.map(({ batch }) => batch), ...alone];
}

/**
 * Where an enrollment came from: serial, station and harvest, written into every enrollment that Keyline creates and
 * read back when DPS says that an id is there already (rule O2). They travel in `optionalDeviceInformation`, or in
 * `initialTwin.tags` where a template says so. What is read here came over the network: any field may be anything.
 */
import type { EnrollmentRecord } from './service.ts';

export interface Provenance {
  readonly serial?: string;
  readonly stationId?: string;
  readonly harvestId?: string;
}

const fields = ['serial', 'stationId', 'harvestId'] as const;

/** What the record says of itself; of two places the one that names a harvest or a serial. Undefined: neither does. */
export function provenanceOf(record: EnrollmentRecord): Provenance | undefined {
  const tags = isObject(record.initialTwin) ? record.initialTwin.tags : undefined;
  for (const place of [record.optionalDeviceInformation, tags]) {
    if (!isObject(place)) continue;
    const found: Partial<Record<(typeof fields)[number], string>> = {};
    for (const field of fields) {
      const value = place[field];
      if (typeof value === 'string' && value !== '') found[field] = value;
    }
    if (found.serial !== undefined || found.harvestId !== undefined) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/**
 * The connection of a station to its DPS: for a probe, for one piece of work, or for a drain. Microsoft's SDK is loaded only
 * here and only when DPS is needed. What DPS's answers tell beside their content is noted: last contact, clock, that the
 * key was taken.
 */
import { LedgerError } from '../../../db/errors.ts';
import type { EnrollmentService } from '../../dps/service.ts';
import { PacedService } from '../../outbox/paced-service.ts';
import { widest } from '../../outbox/request-width.ts';
import { systemTiming } from '../../outbox/timing.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { noteAccepted, wasAccepted } from './accepted-key.ts';
import { paceOf } from './dps-pace.ts';
import type { DpsAccess } from './dps-target.ts';

/** The last contact is written down so often at most: each time is a transaction of the ledger. */
const CONTACT_NOTED_MS = 1_000;

/** One cheap authorised request. Throws DpsError. */
export async function probeDps(core: StationCore, deadlineMs: number): Promise<'online' | 'not-configured'> {
  const access = core.dps.access();
  if (!access) return 'not-configured';
  await withDps(core, access, deadlineMs, service => service.probe());
  return 'online';
}

/** A connection for one piece of work. */
export async function withDps<T>(
  core: StationCore,
  access: DpsAccess,
  deadlineMs: number,
  work: (service: EnrollmentService) => Promise<T>,
): Promise<T> {
  const service = await connect(core, access, deadlineMs);
  try {
    return await work(service);
  } finally {
    service.close();
  }
}

/** Through Microsoft's SDK, at the pace of this station; whoever asked closes it. */
export async function connect(
  core: StationCore,
  access: DpsAccess,
  deadlineMs?: number,
): Promise<EnrollmentService> {
  const { ServiceClient } = await import('../../dps/service-client.ts');
  let noted = 0;
  const client = new ServiceClient({
    connection: access.connection,
    ...(access.ca === undefined ? {} : { ca: access.ca }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    maxSockets: widest,
    refuseEmulator: !core.rehearsal,
    now: () => core.clock.read().at,
    acceptedBefore: wasAccepted(core.directory, access),
    onAccepted: () => noteAccepted(core.directory, access),
    onAnswer: ({ at, skewMs }) => {
      if (skewMs !== undefined) core.clock.measured(skewMs);
      if (Math.abs(at - noted) < CONTACT_NOTED_MS) return;
      noted = at;
      noteContact(core, access.target.host, at);
    },
  });
  return new PacedService(client, paceOf(core), systemTiming);
}

/** For the status only: where it cannot be written, the transaction that matters says so. */
function noteContact(core: StationCore, host: string, at: number): void {
  try {
    core.ledger.dpsContacts.put(host, at);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
  }
}

/** Throws StationError `dps-not-configured`. */
export function accessOrThrow(core: StationCore): DpsAccess {
  const access = core.dps.access();
  if (!access) throw new StationError('dps-not-configured', 'this station has no key for a DPS');
  return access;
}

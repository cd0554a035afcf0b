/**
 * A device registers by TPM attestation: it names its endorsement key and storage root key, gets a key that only that TPM
 * can take over, comes back with a token made with it, and is assigned to a hub. What the device sends is untrusted.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { readStorageKey } from '../endorsement-key.ts';
import type { EnrollmentRecord } from '../record-table.ts';
import { enrollmentNotFound, invalidArgument, Refusal, registrationNotFound } from '../refusal.ts';
import { type Answer, answer } from '../reply.ts';
import type { Store } from '../store.ts';
import { isUsable, wrapAuthenticationKey } from './authentication-key.ts';
import type { Challenge, Challenges } from './challenges.ts';

/** The hub of an enrollment that names none. */
const anyHub = 'keyline-emulator-hub.azure-devices.net';
/** An assignment is not there at once, so that a client has to ask for it. */
const assigningMs = 300;
const retryAfter = { 'retry-after': '1' };
/** Assignments that are remembered; a device that asks later for an older one registers again. */
const mostOperations = 10_000;

const registration = z.object({
  registrationId: z.string(),
  tpm: z.object({ endorsementKey: z.string(), storageRootKey: z.string() }).nullish(),
});

interface RunningOperation {
  readonly registrationId: string;
  readonly readyAt: number;
  readonly result: object;
  readonly status: string;
}

export class Registering {
  readonly #store: Store;
  readonly #challenges: Challenges;
  readonly #operations = new Map<string, RunningOperation>();

  constructor(store: Store, challenges: Challenges) {
    this.#store = store;
    this.#challenges = challenges;
  }

  /** The first round: 401 with the wrapped key, which is no refusal but how TPM attestation goes. */
  challenge(registrationId: string, body: unknown): Answer | Refusal {
    const sent = readRegistration(registrationId, body);
    if (sent instanceof Refusal) return sent;
    const enrollment = this.#enrollment(registrationId);
    if (enrollment instanceof Refusal) return enrollment;
    const endorsementKey = readStorageKey(sent.tpm?.endorsementKey ?? '');
    const storageRootKey = readStorageKey(sent.tpm?.storageRootKey ?? '');
    const { attestation } = enrollment;
    const isEnrolled =
      attestation.type === 'tpm' && attestation.tpm.endorsementKey === sent.tpm?.endorsementKey;
    if (!isEnrolled || endorsementKey === undefined || !isUsable(endorsementKey)) {
      return invalidArgument('Endorsement key is invalid, or does not match the Enrollment.');
    }
    if (storageRootKey === undefined || !isUsable(storageRootKey)) {
      return invalidArgument('Storage root key is invalid.');
    }
    const { hmacKey } = this.#challenges.begin(registrationId, endorsementKey, storageRootKey);
    return answer(401, {
      message: 'Authorization required, resend request using supplied key',
      authenticationKey: wrapAuthenticationKey(endorsementKey, storageRootKey, hmacKey),
      unencryptedAuthenticationKey: null,
      keyName: 'registration',
    });
  }

  /** The second round: takes the registration on. */
  accept(registrationId: string, body: unknown, met: Challenge, resource: string): Answer | Refusal {
    const sent = readRegistration(registrationId, body);
    if (sent instanceof Refusal) return sent;
    const enrollment = this.#enrollment(registrationId);
    if (enrollment instanceof Refusal) return enrollment;
    const operationId = `4.${randomUUID()}`;
    const { status, result } = this.#assign(registrationId, enrollment, met);
    this.#operations.set(operationId, {
      registrationId,
      readyAt: performance.now() + assigningMs,
      status,
      result,
    });
    const [oldest] = this.#operations.keys();
    if (this.#operations.size > mostOperations && oldest !== undefined) this.#operations.delete(oldest);
    return assigning(operationId, resource);
  }

  operation(registrationId: string, operationId: string, resource: string): Answer | Refusal {
    const running = this.#operations.get(operationId);
    if (running?.registrationId.toLowerCase() !== registrationId.toLowerCase()) return registrationNotFound();
    if (performance.now() < running.readyAt) return assigning(operationId, resource);
    return answer(200, { operationId, status: running.status, registrationState: running.result });
  }

  lookUp(registrationId: string): Answer | Refusal {
    const record = this.#store.registrations.get(registrationId);
    return record === undefined ? registrationNotFound() : answer(200, record);
  }

  #enrollment(registrationId: string): EnrollmentRecord | Refusal {
    return this.#store.enrollments.get(registrationId) ?? enrollmentNotFound();
  }

  #assign(
    registrationId: string,
    enrollment: EnrollmentRecord,
    { endorsementKey, storageRootKey }: Challenge,
  ) {
    if (enrollment.provisioningStatus === 'disabled') {
      const record = this.#store.registrations.put({ registrationId, status: 'disabled' }, undefined);
      return { status: 'disabled', result: record };
    }
    const before = this.#store.registrations.get(registrationId);
    const record = this.#store.registrations.put(
      {
        registrationId,
        status: 'assigned',
        substatus: before?.status === 'assigned' ? 'reprovisionedToInitialAssignment' : 'initialAssignment',
        assignedHub: hubOf(enrollment),
        deviceId: String(enrollment.deviceId ?? enrollment.registrationId),
      },
      undefined,
    );
    // The hub's own key for this device, which takes the place of the first one in the TPM.
    const hubKey = randomBytes(32);
    const tpm = { authenticationKey: wrapAuthenticationKey(endorsementKey, storageRootKey, hubKey) };
    return { status: 'assigned', result: { tpm, ...record } };
  }
}

function readRegistration(registrationId: string, body: unknown) {
  const read = registration.safeParse(body);
  if (!read.success) return invalidArgument('The registration is not readable.');
  return read.data.registrationId.toLowerCase() === registrationId.toLowerCase()
    ? read.data
    : invalidArgument('The registrationId of the body is not the one of the path.');
}

function assigning(operationId: string, resource: string): Answer {
  const location = `/${resource}/operations/${operationId}`;
  return answer(202, { operationId, status: 'assigning' }, { ...retryAfter, Location: location });
}

function hubOf({ iotHubs, iotHubHostName }: EnrollmentRecord): string {
  const first: unknown = Array.isArray(iotHubs) ? iotHubs[0] : undefined;
  return String(first ?? iotHubHostName ?? anyHub);
}

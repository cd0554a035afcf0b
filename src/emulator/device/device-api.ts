/**
 * The device API of DPS for TPM attestation (OpenAPI `device.json` 2021-10-01): register, status of the operation, look-up.
 * Paths begin with the id scope. A device's token is made with the key that it was challenged with. Every request is
 * untrusted.
 */
import { apiVersionRefusal } from '../api-version.ts';
import { type ReceivedRequest, readJson } from '../received-request.ts';
import { methodNotAllowed, pathNotFound, Refusal } from '../refusal.ts';
import { type Answer, refusalAnswer } from '../reply.ts';
import type { Store } from '../store.ts';
import { Challenges } from './challenges.ts';
import { Registering } from './registering.ts';

/** Id scopes begin so; no path of the service API does. */
const root = '/(0ne[0-9A-Fa-f]{8})/registrations/([^/]+)';
export const deviceOperations = [
  { name: 'register', method: 'PUT', path: new RegExp(`^${root}/register$`) },
  { name: 'operationStatus', method: 'GET', path: new RegExp(`^${root}/operations/([^/]+)$`) },
  { name: 'lookUpRegistration', method: 'POST', path: new RegExp(`^${root}$`) },
] as const;

export function isDevicePath(path: string): boolean {
  return deviceOperations.some(operation => operation.path.test(path));
}

export class DeviceApi {
  readonly #idScope: string;
  readonly #challenges = new Challenges();
  readonly #registering: Registering;

  constructor(idScope: string, store: Store) {
    this.#idScope = idScope;
    this.#registering = new Registering(store, this.#challenges);
  }

  /** Does the work of one request. Never throws for what a client sent. */
  serve(request: ReceivedRequest, nowMs: number): Answer {
    const reply = this.#carryOut(request, nowMs);
    return reply instanceof Refusal ? refusalAnswer(reply) : reply;
  }

  #carryOut(request: ReceivedRequest, nowMs: number): Answer | Refusal {
    const atPath = deviceOperations.find(operation => operation.path.test(request.path));
    const [, scope, id, operationId = ''] = atPath?.path.exec(request.path) ?? [];
    if (atPath === undefined || scope !== this.#idScope || id === undefined) return pathNotFound();
    if (atPath.method !== request.method) return methodNotAllowed();
    const wrongVersion = apiVersionRefusal(request);
    if (wrongVersion) return wrongVersion;
    const registrationId = decodeURIComponentOr(id, '');
    const body = atPath.name === 'operationStatus' ? { json: undefined } : readJson(request);
    if (body instanceof Refusal) return body;
    const { authorization } = request.headers;
    if (atPath.name === 'register' && authorization === undefined) {
      return this.#registering.challenge(registrationId, body.json);
    }
    const resource = `${scope}/registrations/${registrationId}`;
    const met = this.#challenges.met(registrationId, authorization, resource, Math.floor(nowMs / 1000));
    if (met instanceof Refusal) return met;
    switch (atPath.name) {
      case 'register':
        return this.#registering.accept(registrationId, body.json, met, resource);
      case 'operationStatus':
        return this.#registering.operation(registrationId, operationId, resource);
      case 'lookUpRegistration':
        return this.#registering.lookUp(registrationId);
    }
  }
}

function decodeURIComponentOr(text: string, otherwise: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return otherwise;
  }
}

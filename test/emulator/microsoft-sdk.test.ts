/** Microsoft's azure-iot-provisioning-service, unchanged but for host, port and the CA to trust: every method it has. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import type { ProvisioningServiceClient } from 'azure-iot-provisioning-service';
import { endorsementKey, enrollmentDocument, groupDocument } from './enrollment-documents.ts';
import {
  control,
  emulatorForTest,
  fieldsOf,
  type TestEmulator,
  type TokenFields,
} from './running-emulator.ts';

const require = createRequire(import.meta.url);
const { RestApiClient } = require('azure-iot-http-base') as typeof import('azure-iot-http-base');
const { SharedAccessSignature } = require('azure-iot-common') as typeof import('azure-iot-common');
const sdk = require('azure-iot-provisioning-service') as typeof import('azure-iot-provisioning-service');

/** What the SDK's typings demand differs from what the service takes; the tests send what the service takes. */
type Enrollment = Parameters<ProvisioningServiceClient['createOrUpdateIndividualEnrollment']>[0];
type Group = Parameters<ProvisioningServiceClient['createOrUpdateEnrollmentGroup']>[0];
type BulkOperation = Parameters<ProvisioningServiceClient['runBulkEnrollmentOperation']>[0];
type Query = ReturnType<ProvisioningServiceClient['createIndividualEnrollmentQuery']>;
const asEnrollment = (document: unknown) => document as Enrollment;
const asGroup = (document: unknown) => document as Group;
const everything = { query: 'SELECT *' };

describe('azure-iot-provisioning-service', () => {
  let emulator: TestEmulator;
  let agent: Agent;
  let client: ProvisioningServiceClient;
  const called = new Set<string>();

  before(async () => {
    emulator = await emulatorForTest();
    agent = new Agent({ ca: readFileSync(emulator.caFile) });
    Object.assign(agent, { defaultPort: emulator.port }); // the SDK has no port option
    client = new Proxy(clientWith(fieldsOf(emulator.connectionString)), {
      get: (target, name: keyof ProvisioningServiceClient) => {
        called.add(name);
        return target[name].bind(target);
      },
    });
  });
  after(async () => {
    agent.destroy();
    assert.deepEqual(emulator.defects, []);
    await emulator[Symbol.asyncDispose]();
  });

  function clientWith({ skn, key, se }: TokenFields): ProvisioningServiceClient {
    const sharedAccessSignature = SharedAccessSignature.create('localhost', skn, key, se).toString();
    const config = { host: 'localhost', sharedAccessSignature };
    const restApiClient = new RestApiClient(config, 'keyline-test');
    restApiClient.setOptions({ http: { agent } });
    // The SDK brings its own copy of azure-iot-http-base, so that to TypeScript these are two classes.
    return new sdk.ProvisioningServiceClient(config, restApiClient as never);
  }

  const bulk = (mode: string, enrollments: unknown[]) =>
    new Promise<{ isSuccessful: boolean; errors: { errorCode: number }[] }>((resolve, reject) => {
      client.runBulkEnrollmentOperation({ mode, enrollments } as unknown as BulkOperation, (error, result) =>
        error ? reject(error) : resolve(result as never),
      );
    });

  /** The pages of a query, to its end. */
  async function pagesOf(query: Query): Promise<Record<string, unknown>[][]> {
    const pages: Record<string, unknown>[][] = [];
    while (query.hasMoreResults) {
      const token = (query as unknown as { continuationToken: string | null }).continuationToken;
      const { responseBody } = await query.next(token ?? (undefined as unknown as string));
      pages.push(responseBody as unknown as Record<string, unknown>[]);
      assert.ok(pages.length < 20, 'the query ends');
    }
    return pages;
  }

  it('creates, reads, updates by etag and deletes an enrollment', async () => {
    const document = enrollmentDocument('sdk-1', { optionalDeviceInformation: { serial: 'SN-1' } });
    const created = (await client.createOrUpdateIndividualEnrollment(asEnrollment(document))).responseBody;
    const found = (await client.getIndividualEnrollment('sdk-1')).responseBody;
    assert.deepEqual(found, {
      ...created,
      registrationState: { registrationId: 'sdk-1', status: 'unassigned' },
    });
    await assert.rejects(client.createOrUpdateIndividualEnrollment(asEnrollment(document)), {
      name: 'DeviceAlreadyExistsError',
    });
    const updated = (
      await client.createOrUpdateIndividualEnrollment(
        asEnrollment({ ...document, etag: created.etag, provisioningStatus: 'disabled' }),
      )
    ).responseBody;
    assert.equal(updated.provisioningStatus, 'disabled');
    await assert.rejects(
      client.createOrUpdateIndividualEnrollment(asEnrollment({ ...document, etag: created.etag })),
      { name: 'InvalidEtagError' },
    );
    await assert.rejects(client.deleteIndividualEnrollment('sdk-1', created.etag ?? ''), {
      name: 'InvalidEtagError',
    });
    await client.deleteIndividualEnrollment(updated);
    await assert.rejects(
      client.getIndividualEnrollment('sdk-1'),
      (error: Error & { responseBody: string }) => {
        assert.equal(JSON.parse(error.responseBody).errorCode, 404201);
        return true;
      },
    );
  });

  it('reads the attestation mechanism', async () => {
    await client.createOrUpdateIndividualEnrollment(asEnrollment(enrollmentDocument('sdk-2')));
    const { responseBody } = await client.getIndividualEnrollmentAttestationMechanism('sdk-2');
    assert.deepEqual(responseBody, { type: 'tpm', tpm: { endorsementKey: endorsementKey('sdk-2') } });
  });

  it('runs bulk operations in every mode', async () => {
    const documents = ['sdk-3', 'sdk-4'].map(id => enrollmentDocument(id));
    const etagged = () =>
      Promise.all(
        documents.map(async document => ({
          ...document,
          etag: (await client.getIndividualEnrollment(document.registrationId)).responseBody.etag,
        })),
      );
    assert.equal((await bulk('create', documents)).isSuccessful, true);
    const again = await bulk('create', documents);
    assert.deepEqual(
      again.errors.map(error => error.errorCode),
      [409201, 409201],
    );
    assert.equal((await bulk('update', await etagged())).isSuccessful, true);
    assert.equal((await bulk('updateIfMatchEtag', await etagged())).isSuccessful, true);
    assert.equal((await bulk('delete', documents)).isSuccessful, true);
  });

  it('pages through a query to its end', async () => {
    const documents = Array.from({ length: 9 }, (_, index) => enrollmentDocument(`page-${index}`));
    await bulk('create', documents);
    const pages = await pagesOf(client.createIndividualEnrollmentQuery(everything, 4));
    const ids = pages.flat().map(record => String(record.registrationId));
    assert.deepEqual(
      ids.filter(id => id.startsWith('page-')).sort(),
      documents.map(d => d.registrationId).sort(),
    );
    assert.equal(pages.length, Math.ceil(ids.length / 4));
  });

  it('creates, reads, updates, queries and deletes enrollment groups, and reads their keys', async () => {
    for (const id of ['plant-1', 'plant-2', 'plant-3']) {
      await client.createOrUpdateEnrollmentGroup(asGroup(groupDocument(id)));
    }
    await assert.rejects(client.createOrUpdateEnrollmentGroup(asGroup(groupDocument('plant-1'))), {
      name: 'DeviceAlreadyExistsError',
    });
    const found = (await client.getEnrollmentGroup('plant-1')).responseBody;
    const changed = asGroup({ ...found, capabilities: { iotEdge: true } });
    const updated = (await client.createOrUpdateEnrollmentGroup(changed)).responseBody;
    assert.deepEqual(updated.capabilities, { iotEdge: true });
    const mechanism = (await client.getEnrollmentGroupAttestationMechanism('plant-1')).responseBody;
    assert.equal(mechanism.type, 'symmetricKey');
    assert.equal(Buffer.from(mechanism.symmetricKey?.primaryKey ?? '', 'base64').length, 64);
    const pages = await pagesOf(client.createEnrollmentGroupQuery(everything, 2));
    assert.deepEqual(
      pages.map(page => page.length),
      [2, 1],
    );
    await assert.rejects(client.deleteEnrollmentGroup('plant-1', found.etag ?? ''), {
      name: 'InvalidEtagError',
    });
    await client.deleteEnrollmentGroup('plant-1', updated.etag ?? '');
    await client.deleteEnrollmentGroup('plant-2');
    assert.equal((await pagesOf(client.createEnrollmentGroupQuery(everything))).flat().length, 1);
  });

  it('reads, queries and deletes registration records', async () => {
    await client.createOrUpdateIndividualEnrollment(asEnrollment(enrollmentDocument('sdk-5')));
    await client.createOrUpdateEnrollmentGroup(asGroup(groupDocument('plant-4')));
    await control(emulator, 'PUT', 'registrations/sdk-5', { assignedHub: 'hub.example', deviceId: 'sdk-5' });
    for (const id of ['member-1', 'member-2', 'member-3']) {
      await control(emulator, 'PUT', `registrations/${id}`, { enrollmentGroupId: 'plant-4' });
    }
    const state = (await client.getDeviceRegistrationState('sdk-5')).responseBody;
    assert.equal(state.assignedHub, 'hub.example');
    const pages = await pagesOf(
      client.createEnrollmentGroupDeviceRegistrationStateQuery(everything, 'plant-4', 2),
    );
    assert.deepEqual(
      pages.map(page => page.length),
      [2, 1],
    );
    await assert.rejects(client.deleteDeviceRegistrationState('sdk-5', 'IjEi'), {
      name: 'InvalidEtagError',
    });
    await client.deleteDeviceRegistrationState('sdk-5', state.etag ?? '');
    await assert.rejects(client.getDeviceRegistrationState('sdk-5'), /Not found/);
  });

  it('is told of a wrong key as unauthorized', async () => {
    const wrong = { ...fieldsOf(emulator.connectionString), key: Buffer.alloc(32).toString('base64') };
    await assert.rejects(clientWith(wrong).getIndividualEnrollment('sdk-1'), { name: 'UnauthorizedError' });
  });

  it('was called with every method that it has', () => {
    const methods = Object.getOwnPropertyNames(sdk.ProvisioningServiceClient.prototype).filter(
      name => name !== 'constructor' && !name.startsWith('_'),
    );
    assert.ok(methods.length >= 14);
    assert.deepEqual(
      methods.filter(name => !called.has(name)),
      [],
    );
  });
});

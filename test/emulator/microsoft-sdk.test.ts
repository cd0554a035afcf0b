/** Microsoft's azure-iot-provisioning-service, unchanged but for host, port and the CA to trust. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import type { ProvisioningServiceClient } from 'azure-iot-provisioning-service';
import { endorsementKey, enrollmentDocument } from './enrollment-documents.ts';
import { emulatorForTest, fieldsOf, type TestEmulator, type TokenFields } from './running-emulator.ts';

const require = createRequire(import.meta.url);
const { RestApiClient } = require('azure-iot-http-base') as typeof import('azure-iot-http-base');
const { SharedAccessSignature } = require('azure-iot-common') as typeof import('azure-iot-common');
const sdk = require('azure-iot-provisioning-service') as typeof import('azure-iot-provisioning-service');

/** What the SDK's typings demand differs from what the service takes; the tests send what the service takes. */
type Enrollment = Parameters<ProvisioningServiceClient['createOrUpdateIndividualEnrollment']>[0];
type BulkOperation = Parameters<ProvisioningServiceClient['runBulkEnrollmentOperation']>[0];
const asEnrollment = (document: unknown) => document as Enrollment;

describe('azure-iot-provisioning-service', () => {
  let emulator: TestEmulator;
  let agent: Agent;
  let client: ProvisioningServiceClient;

  before(async () => {
    emulator = await emulatorForTest();
    agent = new Agent({ ca: readFileSync(emulator.caFile) });
    Object.assign(agent, { defaultPort: emulator.port }); // the SDK has no port option
    client = clientWith(fieldsOf(emulator.connectionString));
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
    await client.deleteIndividualEnrollment('sdk-1', updated.etag ?? '');
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
    assert.equal((await bulk('create', documents)).isSuccessful, true);
    const again = await bulk('create', documents);
    assert.deepEqual(
      again.errors.map(error => error.errorCode),
      [409201, 409201],
    );
    const withTags = await Promise.all(
      documents.map(async document => ({
        ...document,
        etag: (await client.getIndividualEnrollment(document.registrationId)).responseBody.etag,
      })),
    );
    assert.equal((await bulk('updateIfMatchEtag', withTags)).isSuccessful, true);
    assert.equal((await bulk('delete', documents)).isSuccessful, true);
  });

  it('pages through a query to its end', async () => {
    const documents = Array.from({ length: 9 }, (_, index) => enrollmentDocument(`page-${index}`));
    await bulk('create', documents);
    const query = client.createIndividualEnrollmentQuery({ query: 'SELECT *' }, 4);
    const ids: string[] = [];
    const next = (token: string | undefined) =>
      new Promise<void>((resolve, reject) => {
        query.next(token as string, (error, page) => {
          if (error) reject(error);
          else {
            ids.push(...(page as unknown as Enrollment[]).map(record => record.registrationId));
            resolve();
          }
        });
      });
    let pages = 0;
    while (query.hasMoreResults) {
      await next((query as unknown as { continuationToken?: string }).continuationToken ?? undefined);
      pages += 1;
      assert.ok(pages < 10);
    }
    assert.deepEqual(
      ids.filter(id => id.startsWith('page-')).sort(),
      documents.map(d => d.registrationId).sort(),
    );
    assert.equal(pages, Math.ceil(ids.length / 4));
  });

  it('is told of a wrong key as unauthorized', async () => {
    const wrong = { ...fieldsOf(emulator.connectionString), key: Buffer.alloc(32).toString('base64') };
    await assert.rejects(clientWith(wrong).getIndividualEnrollment('sdk-1'), { name: 'UnauthorizedError' });
  });
});

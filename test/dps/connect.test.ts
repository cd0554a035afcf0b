import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connectEnrollmentService } from '../../src/dps/connect.ts';

const connectionString = 'HostName=localhost:1;SharedAccessKeyName=keyline;SharedAccessKey=c2VjcmV0';
const sdkIsLoaded = () =>
  Object.keys(createRequire(import.meta.url).cache).some(file =>
    file.includes('azure-iot-provisioning-service'),
  );

describe('connectEnrollmentService', () => {
  let directory: string;
  before(async () => (directory = await mkdtemp(path.join(os.tmpdir(), 'keyline-connect-'))));
  after(() => rm(directory, { recursive: true, force: true }));

  it('refuses settings that cannot work, before it loads the SDK', async () => {
    const empty = path.join(directory, 'empty.pem');
    await writeFile(empty, '');
    const refusals: readonly (readonly [string, string | undefined, string])[] = [
      ['HostName=localhost', undefined, 'connection-string-invalid'],
      [connectionString, path.join(directory, 'missing.pem'), 'ca-file-unreadable'],
      [connectionString, empty, 'ca-file-unreadable'],
    ];
    for (const [text, caFile, code] of refusals) {
      await assert.rejects(connectEnrollmentService({ connectionString: text, caFile }), { code });
    }
    assert.equal(sdkIsLoaded(), false);
  });

  it('loads the SDK with the first service, and sends nothing', async () => {
    const service = await connectEnrollmentService({ connectionString });
    assert.equal(sdkIsLoaded(), true);
    service.close();
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseConnectionString } from '../../../src/dps/connection-string.ts';
import { ServiceClient } from '../../../src/dps/service-client.ts';
import { checkRights } from '../../../src/station/dps/dps-rights.ts';
import { control, emulatorForTest } from '../../emulator/running-emulator.ts';

describe('checkRights', () => {
  for (const acceptedBefore of [false, true])
    it(`S3 says of a key that may write and not read that a right is missing, ${acceptedBefore ? 'also where it read before' : 'and not that the key is wrong'}`, async () => {
      await using emulator = await emulatorForTest();
      const made = await control(emulator, 'PUT', 'policies/writer', { rights: ['EnrollmentWrite'] });
      const { primaryConnectionString } = made as { primaryConnectionString: string };
      const service = new ServiceClient({
        connection: parseConnectionString(primaryConnectionString),
        ca: readFileSync(emulator.caFile, 'utf8'),
        acceptedBefore,
      });
      const rights = await checkRights(service);
      service.close();
      assert.deepEqual([rights.read?.code, rights.write?.code], ['forbidden', undefined]);
    });
});

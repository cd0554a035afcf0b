import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseConnectionString } from '../../src/dps/connection-string.ts';
import { DpsError, type DpsErrorCode } from '../../src/dps/errors.ts';
import fc from '../property.ts';

const key = 'c2VjcmV0LWtleS1vZi10aGUtcG9saWN5LWZvci10aGlzLXRlc3Q=';
const host = 'line7.azure-devices-provisioning.net';
const good = `HostName=${host};SharedAccessKeyName=keyline;SharedAccessKey=${key}`;

/** Refused with the right code, a message that fits, and not a piece of the text in it. */
function refuses(text: string, message: RegExp, code: DpsErrorCode = 'connection-string-invalid'): void {
  assert.throws(
    () => parseConnectionString(text),
    (error: unknown) => {
      assert.ok(error instanceof DpsError);
      assert.equal(error.code, code);
      assert.match(error.message, message);
      return true;
    },
  );
}

describe('parseConnectionString', () => {
  it('reads what Azure hands out, with port 443 where none is named', () => {
    assert.deepEqual(parseConnectionString(good), {
      host,
      port: 443,
      sharedAccessKeyName: 'keyline',
      sharedAccessKey: key,
    });
  });

  it('takes a port, any order, blanks around the parts and a separator at the end', () => {
    const text = ` SharedAccessKey=${key} ; HostName=LocalHost:4433; SharedAccessKeyName=keyline;\n`;
    const { host, port, sharedAccessKey } = parseConnectionString(text);
    assert.deepEqual([host, port, sharedAccessKey], ['localhost', 4433, key]);
  });

  it('names the part that is missing or empty', () => {
    refuses(`SharedAccessKeyName=keyline;SharedAccessKey=${key}`, /lacks HostName/);
    refuses(`HostName=${host};SharedAccessKey=${key}`, /lacks SharedAccessKeyName/);
    refuses(`HostName=${host};SharedAccessKeyName=keyline`, /lacks SharedAccessKey\./);
    refuses(`HostName=${host};SharedAccessKeyName=keyline;SharedAccessKey=`, /lacks SharedAccessKey\./);
    refuses('', /empty/);
  });

  it('refuses a part twice, a part that does not belong, and a key that was cut', () => {
    refuses(`${good};HostName=${host}`, /HostName twice/);
    refuses(`${good};DeviceId=d1`, /Part 4/);
    refuses(`${good};`.replace(key, key.slice(0, -3)), /not base64/);
    refuses(good.replace('keyline', 'key line'), /policy/);
  });

  it('refuses hosts that are none, ports out of range, and an IoT hub', () => {
    for (const wrong of [
      'a..b',
      '-a.net',
      'a/b',
      'https://a.net',
      'a:0',
      'a:65536',
      'a:',
      'a b',
      'a@b',
      '[::1]:4433',
    ]) {
      refuses(good.replace(host, wrong), /not a host name/);
    }
    refuses(good.replace(host, 'plant.azure-devices.net'), /IoT hub/, 'host-is-iot-hub');
  });

  it('reads back every well-formed string', () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
    fc.assert(
      fc.property(
        fc.array(label, { minLength: 1, maxLength: 4 }),
        fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined }),
        fc.stringMatching(/^[A-Za-z0-9._-]{1,40}$/),
        fc.uint8Array({ minLength: 1, maxLength: 80 }),
        (labels, port, policy, secret) => {
          const name = labels.join('.');
          const base64 = Buffer.from(secret).toString('base64');
          const authority = port === undefined ? name : `${name}:${port}`;
          const text = `HostName=${authority};SharedAccessKeyName=${policy};SharedAccessKey=${base64}`;
          assert.deepEqual(parseConnectionString(text), {
            host: name,
            port: port ?? 443,
            sharedAccessKeyName: policy,
            sharedAccessKey: base64,
          });
        },
      ),
    );
  });

  it('S2 throws nothing but its own error, and never says a piece of the key', () => {
    const pieces = [
      key,
      key.slice(0, 20),
      key.slice(20),
      `HostName=${key}`,
      `${key}=x`,
      'SharedAccessKey=',
      ';',
      '=',
    ];
    const text = fc.array(fc.oneof(fc.constantFrom(...pieces, good), fc.string()), { maxLength: 6 });
    fc.assert(
      fc.property(text, parts => {
        try {
          parseConnectionString(parts.join(''));
        } catch (error) {
          assert.ok(error instanceof DpsError);
          const said = `${error.message} ${error.hint} ${error.stack}`;
          for (let at = 0; at + 8 <= key.length; at++) assert.ok(!said.includes(key.slice(at, at + 8)));
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** The one validation of a configuration: every fault named in its place with what to write instead, and one form to write it in. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { canonicalConfiguration } from '../../../src/station/settings/canonical-configuration.ts';
import { checkConfiguration, readJson } from '../../../src/station/settings/check-configuration.ts';
import { compareConfigurations } from '../../../src/station/settings/compare-configurations.ts';
import { faultText } from '../../../src/station/settings/fault.ts';
import {
  configurationJsonSchema,
  fieldsOf,
  type SchemaNode,
} from '../../../src/station/settings/json-schema.ts';
import fc from '../../property.ts';
import { temporaryFolder } from '../station-fixture.ts';

const folder = temporaryFolder();
after(() => rmSync(folder, { recursive: true }));
writeFileSync(path.join(folder, 'line-key'), 'a key');

const check = (json: unknown) => checkConfiguration(json, folder).faults;
const said = (json: unknown) =>
  check(json)
    .map(faultText)
    .map(({ path: place, code, instead }) => `${place} ${code}: ${instead}`);

/** Settings that are right, of every kind there is. */
const names = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'abcXYZ019 -ä가"\\') });
const sound = fc
  .record(
    {
      $schema: fc.constant('./keyline.schema.json'),
      station: fc.record(
        { name: names, line: names, language: fc.constantFrom('en', 'ko'), lockMinutes: fc.nat(720) },
        { requiredKeys: [] },
      ),
      fixtures: fc
        .uniqueArray(fc.record({ id: names, port: fc.integer({ min: 1, max: 65_000 }) }), {
          selector: ({ id }) => id,
          maxLength: 5,
        })
        .map(list =>
          list.map(({ id, port }, index) => ({
            bridge: `swtpm:host=dut-${index},port=${port}`,
            id,
            connectSeconds: 3,
          })),
        ),
      products: fc.uniqueArray(
        fc.record(
          {
            name: names,
            serialPattern: fc.constant('GX2-\\d{6}'),
            registrationId: fc.constant('gx2-{serial}'),
            initialTwin: fc.record({
              tags: fc.dictionary(fc.oneof(names, fc.constant('__proto__')), fc.jsonValue({ maxDepth: 3 })),
            }),
          },
          { requiredKeys: ['name'] },
        ),
        { selector: ({ name }) => name, minLength: 1, maxLength: 4 },
      ),
      dps: fc.record({ idScope: fc.constant('0ne00000000'), bulkCost: fc.constantFrom(1, 10) }),
    },
    { requiredKeys: [] },
  )
  .map(json => JSON.parse(JSON.stringify(json)) as Record<string, unknown>);

describe('checkConfiguration', () => {
  for (const [what, json, says] of [
    ['an unknown field, with the nearest', { station: { nmae: 'x' } }, /^station unknown-field: "name"$/],
    ['an unknown field like none', { xyzzy: 1 }, /unknown-field: one of station, fixtures, products/],
    ['a field that is missing', { fixtures: [{ id: '1' }] }, /^fixtures\[0\]\.bridge missing/],
    ['a value of another kind', { station: { name: 7 } }, /^station\.name wrong-kind: a text in quotes$/],
    ['a number that is too small', { station: { lockMinutes: -1 } }, /too-small: at least 0$/],
    [
      'a number that must be more than nothing',
      { fixtures: [{ id: '1', bridge: 'swtpm', connectSeconds: 0 }] },
      /connectSeconds too-small: more than 0$/,
    ],
    ['a text that is too long', { station: { name: 'n'.repeat(61) } }, /too-long: at most 60 characters$/],
    ['a word that is none', { station: { language: 'de' } }, /not-one-of: "en", "ko"$/],
    ['a number that is none of them', { dps: { bulkCost: 3 } }, /^dps\.bulkCost not-one-of: 1, 10$/],
    [
      'a way to sign in that is none',
      { dps: { host: 'p.azure-devices-provisioning.net', entra: { signIn: 'x' } } },
      /dps\.entra\.signIn not-one-of: "client-secret"/,
    ],
    [
      'two fixtures with one bridge, however it is written',
      {
        fixtures: [
          { id: 'left', bridge: 'swtpm' },
          { id: 'right', bridge: 'swtpm:port=2321,host=localhost' },
        ],
      },
      /^fixtures\[1\]\.bridge bridge-shared/,
    ],
    [
      'two fixtures with one command',
      {
        fixtures: [
          { id: '1', bridge: 'cmd:go' },
          { id: '2', bridge: 'cmd:go' },
        ],
      },
      /bridge-shared/,
    ],
    [
      'a pattern that takes exponential time behind a prefix',
      { products: [{ name: 'a', serialPattern: 'GX2-(\\d+)+' }] },
      /serialPattern pattern-slow/,
    ],
    [
      'a template whose ids DPS refuses',
      { products: [{ name: 'a', registrationId: '{serial}_' }] },
      /registrationId template-invalid/,
    ],
    [
      'a template that makes one of all devices',
      { products: [{ name: 'a', deviceId: 'gateway' }] },
      /deviceId template-invalid/,
    ],
    ['an address for a host', { dps: { host: 'https://p.example' } }, /dps\.host host-invalid: NAME\./],
    ['an IoT hub for a DPS', { dps: { host: 'p.azure-devices.net' } }, /host-is-iot-hub/],
    [
      'Entra ID without a host',
      { dps: { entra: { signIn: 'managed-identity' } } },
      /^dps\.entra entra-without-host/,
    ],
    ['a trust store that is not there', { trustStore: 'nowhere' }, /^trustStore folder-missing/],
    [
      'a key file that is not there',
      { fixtures: [{ id: '1', bridge: 'ssh:u@h', ssh: { identityFile: 'other-key' } }] },
      /ssh\.identityFile file-unreadable/,
    ],
    ['a product that is meant otherwise', { currentProduct: 'defualt' }, /product-unknown: "default"$/],
  ] as const)
    it(`names ${what}`, () => {
      const [only, ...more] = said(json);
      assert.match(only ?? 'nothing', says);
      assert.deepEqual(more, []);
    });

  it('S2 never repeats a command, which may hold a password', () => {
    const texts = [
      { fixtures: [{ id: '1', bridge: 'cmd: ' }] },
      {
        fixtures: [
          { id: '1', bridge: 'cmd:hunter2' },
          { id: '2', bridge: 'cmd:hunter2', handsFree: 'scanned' },
        ],
      },
    ].flatMap(json => check(json).map(each => JSON.stringify([each, faultText(each)])));
    assert.equal(texts.length, 3);
    assert.ok(!texts.join().includes('hunter2'));
  });

  it('takes a key file that is there, and a pattern that repeats what ends itself', () => {
    const fixtures = [{ id: '1', bridge: 'ssh:u@h', ssh: { identityFile: 'line-key' } }];
    const products = [
      { name: 'a', serialPattern: '([A-Z]{2}-)+\\d+' },
      { name: 'b', serialPattern: '[0-9A-F]{2}(:[0-9A-F]{2}){5}' },
    ];
    assert.deepEqual(said({ fixtures, products }), []);
  });

  it('ends in faults with words for any JSON, and repeats no value of it without end', () => {
    const keys = fc.constantFrom(
      'station',
      'fixtures',
      'products',
      'dps',
      'name',
      'id',
      'bridge',
      '__proto__',
    );
    const any = fc.letrec(tie => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue(),
        fc.array(tie('value')),
        fc.dictionary(keys, tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(any, json => {
        for (const { wrong, instead } of check(JSON.parse(JSON.stringify(json))).map(faultText)) {
          assert.ok(wrong.length > 0 && instead.length > 0);
          assert.doesNotMatch(`${wrong}${instead}`, /undefined/);
        }
      }),
    );
  });

  it('says of a text that is no JSON that it is none', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const read = readJson(text);
        if (!read.ok) assert.match(faultText(read.fault).wrong, /^this is not JSON/);
      }),
    );
  });
});

describe('the JSON Schema of keyline.json', () => {
  it('takes what the station takes, and refuses what it refuses by shape', () => {
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
      configurationJsonSchema(),
    );
    fc.assert(fc.property(sound, json => assert.ok(validate(json), JSON.stringify(validate.errors))));
    for (const wrong of [{ station: { nmae: 'x' } }, { fixtures: [{ id: '1' }] }, { dps: { bulkCost: 3 } }])
      assert.ok(!validate(wrong));
  });

  it('says of every setting what it is and what it does', () => {
    const silent: string[] = [];
    const look = (node: SchemaNode, place: string) => {
      for (const [name, field] of Object.entries(fieldsOf(node) ?? {})) {
        const at = `${place}.${name}`;
        const group = ['.station', '.dps'].includes(at) || field.title === 'Properties';
        const plain = /\.(signIn|tags|desired|prefix|suffix|iotEdge|updateHubAssignment|migrateDeviceData)$/;
        if (plain.test(at)) continue;
        if (!field.title || !(group || field.description)) silent.push(at);
        look(field, at);
        if (field.items) look(field.items, at);
      }
    };
    look(configurationJsonSchema(), '');
    assert.deepEqual(silent, []);
  });
});

describe('the canonical form', () => {
  it('keeps every setting, is the same for the same settings, and stays as it is', () => {
    fc.assert(
      fc.property(sound, json => {
        assert.deepEqual(check(json), []);
        const text = canonicalConfiguration(json);
        assert.deepEqual(JSON.parse(text), json);
        assert.equal(canonicalConfiguration(turned(json)), text);
        assert.equal(canonicalConfiguration(JSON.parse(text)), text);
        assert.deepEqual(compareConfigurations(json, JSON.parse(text)), []);
      }),
    );
  });
});

describe('compareConfigurations', () => {
  it('finds a fixture by its id wherever it stands, and says so when only the order changed', () => {
    const left = { id: 'left', bridge: 'swtpm' };
    const right = { id: 'right', bridge: 'swtpm:port=2421' };
    const changes = compareConfigurations(
      { fixtures: [left, right] },
      { fixtures: [{ ...right, name: 'R' }, left] },
    );
    assert.deepEqual(changes, [
      {
        path: 'fixtures["right"].name',
        at: ['fixtures', 'right', 'name'],
        change: 'added',
        after: '"R"',
      },
      {
        path: 'fixtures',
        at: ['fixtures'],
        change: 'moved',
        before: '["left","right"]',
        after: '["right","left"]',
      },
    ]);
  });

  it('S2 never shows a command', () => {
    const changes = compareConfigurations(
      { fixtures: [{ id: '1', bridge: 'cmd:hunter2' }], products: [{ name: 'a' }] },
      {
        fixtures: [
          { id: '1', bridge: 'cmd:hunter3' },
          { id: '2', bridge: 'cmd:hunter4' },
        ],
        products: [
          { name: 'a', dutSerial: { command: 'hunter5' } },
          { name: 'b', dutSerial: { command: 'hunter6' } },
        ],
      },
    );
    assert.equal(changes.length, 4);
    assert.ok(!JSON.stringify(changes).includes('hunter'));
  });

  it('finds something exactly where two differ', () => {
    fc.assert(
      fc.property(sound, sound, (a, b) => {
        const same = canonicalConfiguration(a) === canonicalConfiguration(b);
        assert.equal(compareConfigurations(a, b).length === 0, same);
      }),
    );
  });
});

/** The same with all fields in another order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, each]) => [name, turned(each)]),
  );
}

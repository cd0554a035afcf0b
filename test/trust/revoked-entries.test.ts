/** What a revocation list says entry by entry: held against another reader of lists, and each broken form refused. */
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { X509Crl } from '@peculiar/x509';
import { CertificateMalformed, TAG, timeIn } from '../../src/trust/asn1-values.ts';
import { parseRevocationList } from '../../src/trust/parse-revocation-list.ts';
import { RevokedEntries } from '../../src/trust/revoked-entries.ts';
import fc from '../property.ts';
import {
  commonName,
  der,
  type Extension,
  ecKey,
  makeRevocationList,
  type RevocationListPlan,
  type RevokedPlan,
  sequence,
} from './make-certificate.ts';

const signer = ecKey();
const listOf = (revoked: readonly RevokedPlan[], changes: Partial<RevocationListPlan> = {}) =>
  makeRevocationList({
    issuer: commonName('Maker EK CA 7'),
    signer,
    thisUpdate: new Date('2030-05-15'),
    nextUpdate: new Date('2030-07-15'),
    revoked,
    ...changes,
  });
const contentOf = (...entries: readonly Buffer[]) => new RevokedEntries(Buffer.concat(entries));

/** RFC 5280, 5.3.1, by number. */
const reasons = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  undefined,
  'privilegeWithdrawn',
  'aACompromise',
];
const invalidityDate: Extension = { oid: '2.5.29.24', value: der(0x18, '20300101000000Z') };

const serialNumber = fc.uint8Array({ minLength: 1, maxLength: 20 }).map(bytes => {
  bytes[0] = (bytes[0]! & 0x7f) | 1;
  return Buffer.from(bytes);
});
const given = fc.record({
  serialNumber,
  at: fc
    .date({ min: new Date('1950-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
    .map(date => new Date(Math.floor(date.getTime() / 1000) * 1000)),
  extensions: fc.constantFrom([], [invalidityDate]),
});
const entry: fc.Arbitrary<RevokedPlan> = fc
  .tuple(given, fc.constantFrom(undefined, 0, 1, 3, 4, 5, 6, 9, 10))
  .map(([plan, reason]) => (reason === undefined ? plan : { ...plan, reason }));

describe('entries of a revocation list', () => {
  test('H8 are read as another library reads them', () => {
    const lists = fc.uniqueArray(entry, {
      maxLength: 30,
      selector: ({ serialNumber }) => serialNumber.toString('hex'),
    });
    fc.assert(
      fc.property(lists, serialNumber, (planned, stranger) => {
        const list = listOf(planned);
        const { revoked } = parseRevocationList(list);
        const others = new X509Crl(new Uint8Array(list)).entries;
        assert.equal(revoked.size, others.length);
        for (const { serialNumber, revocationDate, reason } of others)
          assert.deepEqual(revoked.get(Buffer.from(serialNumber, 'hex')), {
            revokedAt: revocationDate.getTime(),
            reason: reason === undefined ? undefined : reasons[reason],
          });
        const isPlanned = planned.some(({ serialNumber }) => serialNumber.equals(stranger));
        assert.equal(revoked.has(stranger), isPlanned);
      }),
      { numRuns: 60 },
    );
  });

  test('are all found, and their hash is of whom they name, whatever else they say', () => {
    const serial = (n: number) => Buffer.from([0x10, n >> 16, (n >> 8) & 0xff, n & 0xff]);
    const entries = (reason: number, from = 0) =>
      contentOf(
        ...Array.from({ length: 4_000 }, (_, n) =>
          sequence(
            der(0x02, serial(n + from)),
            der(0x17, `3006${10 + from}08000${reason}Z`),
            sequence(
              sequence(der(0x06, Buffer.from('551d15', 'hex')), der(0x04, der(0x0a, Buffer.of(reason)))),
            ),
          ),
        ),
      );
    const list = entries(1);
    assert.equal(list.size, 4_000);
    for (const n of [0, 1, 2_345, 3_999])
      assert.deepEqual(list.get(serial(n)), {
        revokedAt: Date.UTC(2030, 5, 10, 8, 0, 1),
        reason: 'keyCompromise',
      });
    assert.equal(list.get(serial(4_000)), undefined);
    assert.equal(list.serialsSha256, entries(4).serialsSha256);
    assert.notEqual(list.serialsSha256, entries(1, 1).serialsSha256);
  });

  test('H8 of another form make it no list', () => {
    const serial = der(0x02, Buffer.of(0x2a));
    const date = der(0x17, '300610080000Z');
    const reason = Buffer.from('551d15', 'hex');
    const extension = (...members: readonly Buffer[]) =>
      sequence(serial, date, sequence(sequence(...members)));
    const keyCompromise = der(0x04, der(0x0a, Buffer.of(1)));
    const whole = extension(der(0x06, reason), keyCompromise);
    assert.equal(contentOf(whole, sequence(serial, date)).size, 2);
    for (const broken of [
      whole.subarray(0, -1),
      Buffer.concat([whole, Buffer.of(0)]),
      der(0x31, serial, date),
      sequence(),
      sequence(serial),
      sequence(date, serial),
      sequence(der(0x02), date),
      sequence(der(0x02, Buffer.of(0, 1)), date),
      sequence(der(0x02, Buffer.of(0xff, 0x80)), date),
      sequence(serial, der(0x17, '3006100800Z')),
      sequence(serial, date, sequence(), sequence()),
      sequence(serial, date, der(0x31)),
      sequence(serial, date, sequence(serial)),
      extension(),
      extension(der(0x06, reason)),
      extension(der(0x06), keyCompromise),
      extension(der(0x06, Buffer.of(0x55, 0x80, 1)), keyCompromise),
      extension(der(0x06, Buffer.of(0x55, 0x81)), keyCompromise),
      extension(der(0x06, reason), der(0x01, Buffer.of(1)), keyCompromise),
      extension(der(0x06, reason), keyCompromise, keyCompromise),
      extension(der(0x06, reason), der(0x04, der(0x0a, Buffer.of(7)))),
      extension(der(0x06, reason), der(0x04, der(0x0a, Buffer.of(0, 1)))),
      extension(der(0x06, reason), der(0x04, der(0x02, Buffer.of(1)))),
    ])
      assert.throws(() => contentOf(broken), CertificateMalformed, broken.toString('hex'));
  });

  test('of which one has a critical extension that nobody knows say which', () => {
    const critical = { oid: '2.5.29.29', critical: true, value: der(0x30) };
    const at = new Date('2030-06-01');
    const { revoked } = parseRevocationList(
      listOf([
        { serialNumber: Buffer.of(1), at, extensions: [invalidityDate] },
        { serialNumber: Buffer.of(2), at, reason: 1, extensions: [critical] },
      ]),
    );
    assert.equal(revoked.criticalExtension, '2.5.29.29');
    assert.equal(revoked.get(Buffer.of(2))?.reason, 'keyCompromise');
  });
});

test('H8 what would take long to read is refused before', () => {
  const extensions = (count: number) =>
    Array.from({ length: count }, (_, n): Extension => ({ oid: `1.3.6.1.${n}`, value: der(0x05) }));
  const list = (changes: Partial<RevocationListPlan>) => () => parseRevocationList(listOf([], changes));
  assert.doesNotThrow(list({ extensions: extensions(64) }));
  assert.throws(list({ extensions: extensions(65) }), /there are 65 extensions/);
  assert.throws(list({ extensions: extensions(1001) }), /more than anything of its kind/);
  const arcs = (count: number) => [{ oid: `1.3${'.1'.repeat(count - 1)}`, value: der(0x05) }];
  assert.doesNotThrow(list({ extensions: arcs(128) }));
  assert.throws(list({ extensions: arcs(129) }), /no object identifier/);
  assert.doesNotThrow(list({ issuer: commonName('x'.repeat(8000)) }));
  assert.throws(list({ issuer: commonName('x'.repeat(8200)) }), /the issuer has 82\d\d bytes/);
});

test('H8 times are those of the calendar, to the second and in UTC', () => {
  const read = (tag: number, text: string) => {
    const bytes = Buffer.from(text);
    return timeIn(bytes, tag, 0, bytes.length);
  };
  const written = fc
    .date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    })
    .map(date => `${date.toISOString().slice(0, 19)}Z`);
  fc.assert(
    fc.property(written, iso => {
      const text = iso.replaceAll(/[-:T]/g, '');
      assert.equal(read(TAG.GENERALIZED_TIME, text), Date.parse(iso));
      const year = Number(iso.slice(0, 4));
      if (year >= 1950 && year < 2050) assert.equal(read(TAG.UTC_TIME, text.slice(2)), Date.parse(iso));
    }),
  );
  for (const wrong of [
    '20301301000000Z',
    '20300001000000Z',
    '20300229000000Z',
    '21000229000000Z',
    '20300431000000Z',
  ])
    assert.equal(read(TAG.GENERALIZED_TIME, wrong), undefined, wrong);
  for (const wrong of [
    '300610240000Z',
    '300610106000Z',
    '300610100060Z',
    '3006101000Z',
    '300610100000+',
    '3006101000 0Z',
  ])
    assert.equal(read(TAG.UTC_TIME, wrong), undefined, wrong);
  assert.equal(read(TAG.GENERALIZED_TIME, '20000229000000Z'), Date.UTC(2000, 1, 29));
  assert.equal(read(TAG.OCTET_STRING, '300610100000Z'), undefined);
});

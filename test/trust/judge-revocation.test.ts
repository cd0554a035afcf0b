/** Revocation lists judged, each rule broken in a list of its own, and held against `openssl verify -crl_check_all`. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { CertificateMalformed } from '../../src/trust/asn1-values.ts';
import { type ChainJudgement, judgeChain } from '../../src/trust/judge-chain.ts';
import { isRevocationList, parseRevocationList } from '../../src/trust/parse-revocation-list.ts';
import type { ListRule } from '../../src/trust/revocation-rules.ts';
import { readTrustStore } from '../../src/trust/trust-folder.ts';
import fc from '../property.ts';
import {
  basicConstraints,
  crlNumber,
  der,
  distributionPoint,
  type Extension,
  issuingDistributionPoint,
  keyUsage,
  makeCertificate,
  pemBlock,
  sequence,
  toPem,
} from './make-certificate.ts';
import {
  caExtensions,
  ekExtensions,
  keys,
  type ListChanges,
  makeChain,
  makeLists,
  names,
  now,
  storeWith,
  type TestChain,
  type TestLists,
  temporaryFolder,
} from './test-chain.ts';

const EK_LIST = 'http://pki.maker.test/ek.crl';
const ROOT_LIST = 'http://pki.maker.test/root.crl';
/** Both the EK certificate (serial 2a) and the intermediate (serial 07) name a list. */
const chain = makeChain({
  root: { serialNumber: Buffer.of(1) },
  intermediate: {
    serialNumber: Buffer.of(7),
    extensions: [...caExtensions, distributionPoint(ROOT_LIST)],
  },
  ek: { extensions: [...ekExtensions, distributionPoint(EK_LIST)] },
});
const ekSerial = Buffer.of(0x2a);
const revokedAt = new Date('2030-06-01T08:00:00Z');
const good = makeLists();
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const says = (tag: number) => der(tag, Buffer.of(0xff));
const ofPoint = (address: string) => der(0xa0, der(0xa0, der(0x86, address)));
const unknown: Extension = { oid: '1.3.6.1.4.1.99999.1', critical: true, value: der(0x05) };

function judge(
  lists: readonly Buffer[],
  at: number | undefined = now,
  { root, intermediate, ek }: TestChain = chain,
): ChainJudgement {
  return judgeChain(ek, storeWith([root, intermediate], lists), at);
}

const withLists = ({ root, intermediate }: TestLists) => judge([root, intermediate]);
const opensslMissing =
  spawnSync('openssl', ['version']).status === 0 ? false : 'openssl is not installed (apt install openssl)';

/** @returns what OpenSSL says against the chain by these lists, undefined where it verifies */
function opensslRefusal(
  lists: readonly Buffer[],
  { root, intermediate, ek }: TestChain = chain,
): string | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-openssl-'));
  const file = (name: string, content: string) => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  try {
    const crls = file('crls.pem', lists.map(list => pemBlock('X509 CRL', list)).join(''));
    const { status, stderr, stdout } = spawnSync(
      'openssl',
      [
        ...['verify', '-purpose', 'any', '-auth_level', '2', '-attime', String(now / 1000)],
        ...['-crl_check_all', '-CRLfile', crls, '-CAfile', file('root.pem', toPem(root))],
        ...['-untrusted', file('intermediate.pem', toPem(intermediate)), file('ek.pem', toPem(ek))],
      ],
      { encoding: 'utf8' },
    );
    return status === 0 ? undefined : stderr + stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface UnusableList {
  readonly rule: ListRule;
  readonly what: string;
  readonly lists: TestLists;
  readonly of?: TestChain;
  /** OpenSSL takes it, or has no such rule. */
  readonly opensslDiffers?: true;
}

const unusable = (
  rule: ListRule,
  what: string,
  change: ListChanges['intermediate'],
  opensslDiffers?: true,
) => ({
  rule,
  what,
  lists: makeLists({ intermediate: change! }),
  ...(opensslDiffers && { opensslDiffers }),
});

const noCrlSign = makeChain({
  intermediate: {
    serialNumber: Buffer.of(7),
    extensions: [basicConstraints(true), keyUsage('keyCertSign'), distributionPoint(ROOT_LIST)],
  },
  ek: { extensions: [...ekExtensions, distributionPoint(EK_LIST)] },
});

/** Each breaks one rule and no other: nobody is revoked by it, and nobody is cleared. */
const unusableLists: readonly UnusableList[] = [
  unusable('list-version', 'version 1', { version: null, extensions: [] }, true),
  unusable('list-algorithms-differ', 'another algorithm beside the signature', {
    outerAlgorithm: 'sha384WithRSA',
  }),
  unusable('list-signature-algorithm', 'SHA-1', { algorithm: 'sha1WithRSA' }, true),
  unusable('list-signature-algorithm', 'an unknown one', { algorithm: 'sha224WithRSA' }, true),
  unusable('list-extension-twice', 'a number twice', { extensions: [crlNumber(1), crlNumber(2)] }, true),
  unusable(
    'list-delta',
    'deltaCRLIndicator',
    {
      extensions: [crlNumber(2), { oid: '2.5.29.27', critical: true, value: der(0x02, Buffer.of(1)) }],
    },
    true,
  ),
  unusable('list-indirect', 'indirectCRL', { extensions: [issuingDistributionPoint(says(0x84))] }),
  unusable('list-partial', 'onlySomeReasons', {
    extensions: [issuingDistributionPoint(der(0x83, Buffer.of(6, 0x40)))],
  }),
  unusable('list-partial', 'attribute certificates only', {
    extensions: [issuingDistributionPoint(says(0x85))],
  }),
  unusable('list-critical-extension', 'of the list', { extensions: [crlNumber(1), unknown] }),
  unusable('list-critical-extension', 'of an entry', {
    revoked: [{ serialNumber: Buffer.of(1), at: revokedAt, extensions: [unknown] }],
  }),
  unusable('list-no-next-update', 'no nextUpdate', { nextUpdate: null }, true),
  unusable('list-signature', 'signed by another key', { signer: keys.other }),
  { rule: 'list-crl-sign', what: 'a CA without cRLSign', lists: good, of: noCrlSign },
];

describe('revocation', () => {
  test('H8 a chain whose lists are at hand and have nobody of it is verified, and nothing is left open', () => {
    assert.deepEqual(withLists(good), {
      status: 'verified',
      anchor: { sha256: sha256(chain.root), subject: 'CN=Maker Root CA' },
      chain: [sha256(chain.ek), sha256(chain.intermediate), sha256(chain.root)],
    });
  });

  test('OpenSSL verifies the same', { skip: opensslMissing }, () => {
    assert.equal(opensslRefusal([good.root, good.intermediate]), undefined);
  });

  test('H8 a revoked EK certificate is refused, named with date and reason', () => {
    const lists = makeLists({
      intermediate: { revoked: [{ serialNumber: ekSerial, at: revokedAt, reason: 1 }] },
    });
    const judged = withLists(lists);
    assert.ok(judged.status === 'untrusted');
    assert.equal(judged.rule, 'revoked');
    assert.equal(judged.detail, 'certificate 2a was revoked on 2030-06-01 (keyCompromise)');
    assert.deepEqual(
      [judged.revoked?.certificate, judged.revoked?.list],
      [sha256(chain.ek), sha256(lists.intermediate)],
    );
    if (!opensslMissing)
      assert.match(opensslRefusal([lists.root, lists.intermediate])!, /certificate revoked/);
  });

  test('H8 a revoked intermediate takes the chain with it', () => {
    const lists = makeLists({ root: { revoked: [{ serialNumber: Buffer.of(7), at: revokedAt }] } });
    const judged = withLists(lists);
    assert.ok(judged.status === 'untrusted');
    assert.equal(
      judged.detail,
      'CN=Maker EK CA 7 (certificate 07) was revoked on 2030-06-01 (no reason given)',
    );
    if (!opensslMissing)
      assert.match(opensslRefusal([lists.root, lists.intermediate])!, /certificate revoked/);
  });

  test('H8 another serial number, and the same one of another issuer, revoke nobody', () => {
    const other = makeLists({
      root: { revoked: [{ serialNumber: ekSerial, at: revokedAt }] },
      intermediate: { revoked: [{ serialNumber: Buffer.of(0x2b), at: revokedAt }] },
    });
    assert.equal(withLists(other).status, 'verified');
    if (!opensslMissing) assert.equal(opensslRefusal([other.root, other.intermediate]), undefined);
  });

  test('H8 a list that is named and not at hand leaves the chain verified and says what is open', () => {
    const judged = judge([good.root]);
    assert.ok(judged.status === 'verified');
    assert.deepEqual(
      judged.unknown?.map(({ code }) => code),
      ['list-missing'],
    );
    assert.match(judged.unknown![0]!.detail, /^certificate 2a: the list of CN=Maker EK CA 7 /);
    if (!opensslMissing) assert.match(opensslRefusal([good.root])!, /unable to get certificate CRL/);
  });

  test('H8 a certificate that names no list is not asked for one, but a list at hand counts', () => {
    const bare = makeChain();
    const judged = judge([], now, bare);
    assert.ok(judged.status === 'verified' && judged.unknown === undefined);
    const lists = makeLists({ intermediate: { revoked: [{ serialNumber: ekSerial, at: revokedAt }] } });
    assert.equal(judge([lists.intermediate], now, bare).status, 'untrusted');
  });

  test('H8 a stale list clears nobody, and still revokes; the newest of several speaks', () => {
    const stale = { thisUpdate: new Date('2030-01-01'), nextUpdate: new Date('2030-06-15T11:59:59Z') };
    const judged = withLists(makeLists({ intermediate: stale }));
    assert.ok(judged.status === 'verified');
    assert.deepEqual(
      judged.unknown?.map(({ code }) => code),
      ['list-stale'],
    );
    if (!opensslMissing)
      assert.match(
        opensslRefusal([good.root, makeLists({ intermediate: stale }).intermediate])!,
        /CRL has expired/,
      );
    const held = makeLists({
      intermediate: { ...stale, revoked: [{ serialNumber: ekSerial, at: revokedAt, reason: 6 }] },
    });
    assert.equal(withLists(held).status, 'untrusted');
    const released = judge([held.intermediate, good.root, good.intermediate]);
    assert.ok(released.status === 'verified' && released.unknown === undefined, 'certificateHold was lifted');
    const future = makeLists({ intermediate: { thisUpdate: new Date('2030-06-16') } });
    const early = withLists(future);
    assert.deepEqual(early.status === 'verified' && early.unknown?.map(({ code }) => code), ['list-stale']);
    assert.ok(
      !(
        'unknown' in
        judgeChain(
          chain.ek,
          storeWith(
            [chain.root, chain.intermediate],
            [good.root, makeLists({ intermediate: stale }).intermediate],
          ),
          undefined,
        )
      ),
      'O7: dates are not judged without a clock',
    );
  });

  for (const { rule, what, lists, of = chain, opensslDiffers } of unusableLists) {
    test(`H8 a list that breaks ${rule} is no list: ${what}`, () => {
      const judged = judge([lists.root, lists.intermediate], now, of);
      assert.ok(judged.status === 'verified', JSON.stringify(judged));
      assert.equal(judged.unknown?.[0]?.code, 'list-unusable');
      assert.match(judged.unknown[0].detail, new RegExp(`\\(${rule}\\)$`));
    });
    if (!opensslDiffers)
      test(`OpenSSL takes it for none either: ${rule}, ${what}`, { skip: opensslMissing }, () => {
        assert.ok(opensslRefusal([lists.root, lists.intermediate], of));
      });
  }

  test('H8 a list of certain distribution points, of CAs or of users speaks of those alone', () => {
    const states = (parts: readonly Buffer[], of?: 'root') => {
      const change = { extensions: [issuingDistributionPoint(...parts)] };
      const judged = withLists(makeLists(of ? { root: change } : { intermediate: change }));
      return judged.status === 'verified' ? (judged.unknown?.[0]?.code ?? 'known') : judged.rule;
    };
    assert.equal(states([ofPoint(EK_LIST)]), 'known');
    assert.equal(states([ofPoint('http://pki.maker.test/ek-2.crl')]), 'list-missing');
    assert.equal(states([says(0x81)]), 'known');
    assert.equal(states([says(0x82)]), 'list-missing');
    assert.equal(states([says(0x82)], 'root'), 'known');
    assert.equal(states([says(0x81)], 'root'), 'list-missing');
  });

  test('H8 a point whose list another issuer signs stays open, and so does an extension that cannot be read', () => {
    const indirect = sequence(sequence(ofPoint(EK_LIST), der(0xa2, der(0xa4, names.root))));
    for (const value of [indirect, der(0x05), sequence()]) {
      const ek = { extensions: [...ekExtensions, { oid: '2.5.29.31', value }] };
      const judged = judge([good.root], now, makeChain({ ek }));
      assert.ok(judged.status === 'verified');
      assert.equal(judged.unknown?.[0]?.code, 'list-missing');
    }
  });

  test('H8 another path of the same keys is taken where one is revoked or not known', () => {
    const renewed = makeCertificate({
      issuer: names.root,
      subject: names.intermediate,
      serialNumber: Buffer.of(8),
      key: keys.intermediate,
      signer: keys.root,
      extensions: [...caExtensions, distributionPoint(ROOT_LIST)],
    });
    const lists = makeLists({ root: { revoked: [{ serialNumber: Buffer.of(7), at: revokedAt }] } });
    for (const cas of [
      [chain.intermediate, renewed],
      [renewed, chain.intermediate],
    ]) {
      const judged = judgeChain(
        chain.ek,
        storeWith([chain.root, ...cas], [lists.root, lists.intermediate]),
        now,
      );
      assert.ok(judged.status === 'verified');
      assert.equal(judged.chain[1], sha256(renewed));
    }
  });

  test('H8 a trust folder takes lists as PEM and as DER, and names what is none', () => {
    const folder = temporaryFolder();
    writeFileSync(
      path.join(folder, 'all.pem'),
      toPem(chain.root, chain.intermediate) + pemBlock('X509 CRL', good.root),
    );
    writeFileSync(path.join(folder, 'ek.crl'), good.intermediate);
    writeFileSync(path.join(folder, 'bad.crl'), pemBlock('X509 CRL', chain.root));
    const store = readTrustStore(folder);
    assert.deepEqual([store.anchors.length, store.intermediates.length, store.lists.length], [1, 1, 2]);
    assert.deepEqual(
      store.setAside.map(({ file, code }) => [file, code]),
      [['bad.crl', 'list-malformed']],
    );
    assert.ok(!('unknown' in judgeChain(chain.ek, store, now)));
  });

  test('H8 a source without lists is judged as before there were any', () => {
    const { issuersOf } = storeWith([chain.root, chain.intermediate], []);
    const judged = judgeChain(chain.ek, { issuersOf }, now);
    assert.ok(judged.status === 'verified' && judged.unknown === undefined);
  });

  test('H8 a changed list never clears a revoked certificate, whatever the change, and nothing else is thrown', () => {
    const lists = makeLists({
      intermediate: { revoked: [{ serialNumber: ekSerial, at: revokedAt, reason: 1 }] },
    });
    const original = lists.intermediate;
    const change = fc.tuple(fc.nat(original.length - 1), fc.nat(255));
    const changed = fc.array(change, { minLength: 1, maxLength: 4 }).map(changes => {
      const copy = Buffer.from(original);
      for (const [at, value] of changes) copy[at] = value;
      return copy;
    });
    fc.assert(
      fc.property(changed, bytes => {
        fc.pre(!bytes.equals(original));
        try {
          parseRevocationList(bytes);
        } catch (error) {
          assert.ok(error instanceof CertificateMalformed);
          return;
        }
        const judged = judge([lists.root, bytes]);
        assert.ok(judged.status === 'verified' && judged.unknown?.length === 1, JSON.stringify(judged));
      }),
      { numRuns: 400 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        assert.equal(isRevocationList(bytes), false);
        assert.throws(() => parseRevocationList(bytes), CertificateMalformed);
      }),
      { numRuns: 400 },
    );
  });
});

/** Lists and issuers fetched from a real server for a real ledger, with certificates of the test's own CA. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { acquireFileLock } from '../../../db/file-lock.ts';
import { readImports } from '../../../scripts/imports/read-imports.ts';
import type { Attempt } from '../../../src/station/attempt/attempt.ts';
import { judgeCertificate } from '../../../src/station/attempt/judge-certificate.ts';
import { fetchedFiles } from '../../../src/station/attempt/plant-trust.ts';
import { type RecordedAttempt, recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { deviceHistories } from '../../../src/station/devices/device-history.ts';
import { StationError } from '../../../src/station/errors.ts';
import { lotFigures } from '../../../src/station/lot-certificate/lot-figures.ts';
import { listCertificateDebt } from '../../../src/station/queue/queue.ts';
import { examineLists, viewLists } from '../../../src/station/trust-fetch/examine-lists.ts';
import { startTrustFetch } from '../../../src/station/trust-fetch/fetch-schedule.ts';
import { fetchTrust } from '../../../src/station/trust-fetch/fetch-trust.ts';
import { judgeAgain } from '../../../src/station/trust-fetch/judge-again.ts';
import { verifyLedgerFile } from '../../../src/station/verify-ledger/verify-ledger-file.ts';
import { TrustError } from '../../../src/trust/errors.ts';
import {
  basicConstraints,
  der,
  distributionPoint,
  type Extension,
  issuerAt,
  keyUsage,
  makeCertificate,
  makeRevocationList,
  pemBlock,
  type RevocationListPlan,
  toPem,
} from '../../trust/make-certificate.ts';
import {
  caExtensions,
  ekExtensions,
  keys,
  listFrom,
  listUntil,
  makeChain,
  names,
  now,
} from '../../trust/test-chain.ts';
import { type AnsweringServer, startAnsweringServer } from '../../trust-fetch/answering-server.ts';
import { refuseCommits } from '../refused-commit.ts';
import { coreForTest, entriesOf, readAttempt, type TestCore, temporaryFolder } from '../station-fixture.ts';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const HOUR = 3_600_000;
const revokedAt = new Date('2030-06-10T08:00:00Z');

describe('fetching for the trust store', () => {
  let server: AnsweringServer;
  let core: TestCore;
  let folder: string;
  let at = now;

  before(async () => {
    server = await startAnsweringServer();
  });
  after(() => server.close());
  beforeEach(() => {
    server.asked.length = 0;
    at = now;
    folder = temporaryFolder();
  });
  afterEach(() => {
    core[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (trusted: readonly Buffer[], configuration: object = {}) => {
    mkdirSync(path.join(folder, 'trust'), { recursive: true });
    writeFileSync(path.join(folder, 'trust', 'makers.pem'), toPem(...trusted));
    core = coreForTest({
      folder,
      configuration: {
        trustFetch: { internalHosts: [server.host] },
        products: [{ name: 'default' }, { name: 'strict', certificate: 'require', revocation: 'require' }],
        ...configuration,
      },
      clock: { read: () => ({ at, bootId: 'boot', monotonicMs: at, clock: 'synced' }) },
    });
  };
  const certified = (...named: readonly Extension[]) =>
    makeChain({ ek: { extensions: [...ekExtensions, ...named] } });
  const listOf = (changes: Partial<RevocationListPlan> = {}) =>
    makeRevocationList({
      issuer: names.intermediate,
      signer: keys.intermediate,
      thisUpdate: listFrom,
      nextUpdate: listUntil,
      ...changes,
    });
  const revoking = (serial = 0x2a): Partial<RevocationListPlan> => ({
    thisUpdate: new Date('2030-06-12'),
    revoked: [{ serialNumber: Buffer.of(serial), at: revokedAt, reason: 1 }],
  });
  const ekList = () => distributionPoint(server.address('/ek.crl'));
  const harvest = (key: number, ek: Buffer, product = 'default'): RecordedAttempt => {
    const configured = core.configuration.products.find(({ name }) => name === product)!;
    const attempt = readAttempt(key, `SN-${key}`, { product: configured, workOrder: 'W-1' });
    assert.ok(attempt.finding.outcome === 'read');
    const certificate = { status: 'unchecked', der: ek.toString('base64'), sha256: sha256(ek) } as const;
    const finding = judgeCertificate(
      { ...attempt.finding, certificate, warnings: ['certificate-unchecked'] },
      {
        policy: configured.certificate ?? 'warn',
        revocation: configured.revocation,
        trust: core.trust,
        clock: core.clock.read(),
      },
    );
    return recordAttempt(core, { ...attempt, finding });
  };
  const run = () => fetchTrust(core, { insist: true, environment: {}, deadlineMs: 5_000 });
  const codes = async () => (await run()).faults.map(({ code }) => code);
  const stateOf = (key: number) => core.ledger.devices.bySerial(`SN-${key}`, 'default')!;
  const judgements = () => entriesOf(core).filter(({ type }) => type === 'certificate-judgement');
  const isIntact = async () => (await verifyLedgerFile(core.directory.ledgerFile, {})).every(({ ok }) => ok);

  it('H8 fetches a list once for all the devices that name it, and not again while it holds', async () => {
    const { root, intermediate, ek } = certified(ekList());
    open([root, intermediate]);
    server.answer('/ek.crl', listOf());
    for (const key of [1, 2, 3]) {
      const { verdict } = harvest(key, ek);
      assert.equal(verdict, 'passed');
    }
    assert.deepEqual(server.asked, [], 'a harvest asks nobody');
    const { warnings } = JSON.parse(core.ledger.harvests.ofSerial('SN-1')[0]!.evidence);
    assert.ok(warnings.includes('certificate-revocation-unknown'));
    assert.equal(core.ledger.counts.certificateDebt(), 0, 'a warning, and no debt unless it is asked for');
    const report = await run();
    const [fetched, ...more] = report.fetched;
    assert.deepEqual([fetched?.kind, fetched?.address, more], ['list', server.address('/ek.crl'), []]);
    assert.deepEqual([report.faults, server.asked], [[], ['/ek.crl']]);
    at += HOUR * 24;
    assert.deepEqual([(await run()).notDue, server.asked.length], [1, 1], 'also where a person asks');
    harvest(4, ek);
    assert.ok(
      !JSON.parse(core.ledger.harvests.ofSerial('SN-4')[0]!.evidence).warnings.includes(
        'certificate-revocation-unknown',
      ),
    );
    at = listUntil.getTime() - HOUR;
    assert.equal((await run()).fetched.length, 0, 'the maker has no newer one');
    assert.equal(server.asked.length, 2);
    at += HOUR / 2;
    await run();
    assert.equal(server.asked.length, 2, 'nor is it asked for again before this one ends');
    assert.deepEqual(viewLists(core), { lists: 1, stale: 0, fetchedIntermediates: 0, notFetched: 0 });
    at = listUntil.getTime() + 1;
    assert.equal(viewLists(core)?.stale, 1);
    const [finding] = examineLists(core);
    assert.equal(finding?.state, 'notice');
    assert.match(finding.found, /the list of CN=Maker EK CA 7 held until 2030-07-15/);
  });

  it('H8 a device that passed is in debt, named and on record once its maker revokes it; nothing is deleted', async () => {
    const { root, intermediate, ek } = certified(ekList());
    const spared = makeChain({
      ek: { serialNumber: Buffer.of(0x2b), extensions: [...ekExtensions, ekList()] },
    });
    open([root, intermediate]);
    server.answer('/ek.crl', listOf());
    harvest(1, ek);
    harvest(2, spared.ek);
    await run();
    assert.deepEqual(await judgeAgain(core), { settled: 0, revoked: [] });
    server.answer('/ek.crl', listOf(revoking()));
    at = Date.parse('2030-07-14T12:00:00Z');
    await run();
    const { revoked } = await judgeAgain(core);
    const detail = 'certificate 2a was revoked on 2030-06-10 (keyCompromise)';
    assert.deepEqual(
      revoked.map(each => [each.serial, each.detail]),
      [['SN-1', detail]],
    );
    const device = stateOf(1);
    assert.deepEqual(
      [device.certificate_status, device.certificate_debt, device.retired_at],
      ['revoked', 1, null],
    );
    assert.equal(stateOf(2).certificate_status, 'verified');
    assert.deepEqual(
      listCertificateDebt(core, 9).map(debt => [debt.serial, debt.certificate, debt.detail]),
      [['SN-1', 'revoked', detail]],
    );
    assert.equal(deviceHistories(core, 'SN-1')[0]?.certificateDetail, detail);
    const lot = await lotFigures(core, 'W-1');
    assert.equal(lot.counted.certificateRevoked, 1);
    assert.deepEqual(
      [...lot.exceptions()]
        .filter(({ kind }) => kind === 'certificate-revoked')
        .map(({ serial, why }) => [serial, why]),
      [['SN-1', detail]],
    );
    const [entry] = judgements();
    assert.partialDeepStrictEqual(entry?.data, {
      change: 'revoked',
      statusBefore: 'verified',
      serial: 'SN-1',
      certificate: { status: 'revoked', sha256: sha256(ek), rule: 'revoked' },
      detail,
    });
    assert.equal((await judgeAgain(core, { anew: true })).revoked.length, 0, 'it is told once');
    assert.equal(judgements().length, 1);
    const again = harvest(1, ek);
    assert.deepEqual([again.verdict, again.code, again.detail], ['refused', 'certificate-revoked', detail]);
    assert.equal(await isIntact(), true);
    // Whoever hides it from the table is found.
    const row = {
      certificate_status: 'verified',
      certificate: null,
      certificate_debt: 0,
      certificate_detail: null,
    } as const;
    core.ledger.devices.judgeCertificate(device.device_id, row);
    assert.equal(await isIntact(), false);
  });

  it('A3 a device that left service keeps what was found of its certificate by then, whatever is found of its key later', async () => {
    const { root, intermediate, ek } = certified();
    open([root]);
    const leave = () => core.ledger.devices.retire(stateOf(1).device_id, at, 'scrapped');
    harvest(1, ek);
    leave();
    harvest(1, ek);
    writeFileSync(path.join(folder, 'trust', 'intermediate.pem'), toPem(intermediate));
    core[Symbol.dispose]();
    open([root, intermediate]);
    assert.deepEqual(await judgeAgain(core), { settled: 1, revoked: [] });
    assert.equal(stateOf(1).certificate_status, 'verified');
    assert.equal(await isIntact(), true, 'the first one was untrusted to its end');
    leave();
    const read = readAttempt(1, 'SN-1', { workOrder: 'W-1' });
    assert.ok(read.finding.outcome === 'read');
    const { key } = read.finding;
    recordAttempt(core, {
      ...read,
      finding: { outcome: 'imported', key, statedRegistrationId: null, source: null, warnings: [] },
    } as unknown as Attempt);
    assert.equal(stateOf(1).certificate_status, 'unchecked');
    assert.equal(await isIntact(), true, 'an import brings no certificate');
  });

  it('A3 what another process found of a certificate while it was judged again stays, and the log says nothing else', async t => {
    const { root, intermediate, ek } = certified();
    open([root]);
    harvest(1, ek);
    const [asItWas] = core.ledger.devices.inCertificateDebt(9);
    core[Symbol.dispose]();
    open([root, intermediate]);
    assert.equal(harvest(1, ek).verdict, 'retest');
    assert.equal(stateOf(1).certificate_status, 'verified');
    t.mock.method(core.ledger.devices, 'inCertificateDebt', (_: number, after?: string) =>
      after ? [] : [asItWas],
    );
    assert.deepEqual(await judgeAgain(core), { settled: 0, revoked: [] });
    assert.deepEqual(judgements(), []);
    assert.equal(await isIntact(), true);
  });

  it('H8 requires a list where the product does: debt till it comes, no refusal, and settled off the DUT', async () => {
    const { root, intermediate, ek } = certified(ekList());
    open([root, intermediate]);
    const passed = harvest(1, ek, 'strict');
    assert.equal(passed.verdict, 'passed');
    const strict = () => core.ledger.devices.bySerial('SN-1', 'strict')!;
    assert.equal(strict().certificate_status, 'unchecked');
    assert.match(
      strict().certificate_detail!,
      /^revocation-unknown: certificate 2a: the list of .* is not at hand$/,
    );
    server.answer('/ek.crl', listOf());
    await run();
    assert.deepEqual(await judgeAgain(core), { settled: 1, revoked: [] });
    assert.deepEqual(
      [strict().certificate_status, strict().certificate_debt, strict().certificate_detail],
      ['verified', 0, null],
    );
    assert.equal(judgements()[0]?.data.change, 'settled');
    assert.equal(await isIntact(), true);
  });

  it('H8 fetches an issuer that is lacking, as an intermediate and never an anchor, and settles what it explains', async () => {
    const good = makeChain();
    const { root, ek } = certified(issuerAt(server.address('/ca.cer')), ekList());
    open([root]);
    harvest(1, ek);
    assert.deepEqual([stateOf(1).certificate_status, core.ledger.counts.certificateDebt()], ['untrusted', 1]);
    server.answer('/ca.cer', good.intermediate);
    server.answer('/ek.crl', listOf());
    const takeAgain = refuseCommits(core.ledger.path);
    await assert.rejects(run(), { name: 'LedgerError' });
    takeAgain();
    assert.deepEqual(readdirSync(fetchedFiles(core.directory)), [], 'nothing without its entry');
    const report = await run();
    assert.deepEqual(
      report.fetched.map(({ kind }) => kind),
      ['issuer', 'list'],
      'its list becomes known with it',
    );
    assert.deepEqual(await judgeAgain(core), { settled: 1, revoked: [] });
    assert.deepEqual([stateOf(1).certificate_status, core.ledger.counts.certificateDebt()], ['verified', 0]);
    const store = core.trust.store()!;
    assert.deepEqual([store.anchors.length, store.intermediates.length], [1, 1]);
    const fetched = entriesOf(core).find(({ type }) => type === 'trust-store');
    assert.deepEqual(fetched?.data, {
      change: 'fetched',
      file: `${sha256(good.intermediate)}.cer`,
      certificates: [sha256(good.intermediate)],
      address: server.address('/ca.cer'),
    });
    assert.equal(await isIntact(), true);
    server.asked.length = 0;
    await run();
    assert.deepEqual(server.asked, [], 'once is enough');
  });

  it('H8 goes up more than one issuer, and keeps none where the way does not reach an anchor', async () => {
    const good = makeChain();
    const upper = makeCertificate({
      issuer: names.root,
      subject: names.intermediate,
      key: keys.other,
      signer: keys.root,
      extensions: caExtensions,
    });
    const lower = makeCertificate({
      issuer: names.intermediate,
      subject: names.root,
      key: keys.intermediate,
      signer: keys.other,
      extensions: [...caExtensions, issuerAt(server.address('/upper.cer'))],
    });
    const { ek } = makeChain({
      ek: { issuer: names.root, extensions: [...ekExtensions, issuerAt(server.address('/lower.cer'))] },
    });
    open([good.root]);
    harvest(1, ek);
    server.answer('/lower.cer', lower);
    server.answer(
      '/upper.cer',
      makeCertificate({
        issuer: names.none,
        subject: names.intermediate,
        key: keys.other,
        signer: keys.ek,
        extensions: caExtensions,
      }),
    );
    assert.deepEqual(await codes(), ['issuer-unrooted']);
    assert.equal(core.trust.store()!.intermediates.length, 0);
    server.answer('/upper.cer', upper);
    assert.equal((await run()).fetched.length, 2);
    assert.deepEqual((await judgeAgain(core)).settled, 1);
  });

  it('H8 takes no issuer that is none: an anchor, not a CA, another’s, or no DER certificate', async () => {
    const { root, ek } = certified(issuerAt(server.address('/ca.cer')));
    const good = makeChain();
    open([root]);
    harvest(1, ek);
    const selfSigned = makeCertificate({
      issuer: names.intermediate,
      subject: names.intermediate,
      key: keys.intermediate,
      signer: keys.intermediate,
      extensions: caExtensions,
    });
    for (const [answer, code] of [
      [selfSigned, 'issuer-self-signed'],
      [
        makeChain({ intermediate: { extensions: [basicConstraints(false), keyUsage('keyCertSign')] } })
          .intermediate,
        'issuer-not-ca',
      ],
      [makeChain({ intermediate: { key: keys.other } }).intermediate, 'issuer-signature'],
      [Buffer.from(toPem(good.intermediate)), 'issuer-malformed'],
      [Buffer.alloc(65 * 1024), 'too-large'],
    ] as const) {
      server.answer('/ca.cer', answer);
      assert.deepEqual(await codes(), [code]);
      assert.equal(core.trust.store()!.intermediates.length, 0, code);
    }
  });

  it('H8 asks nobody on a stranger’s word: neither for lists, nor for issuers at hosts that are no maker’s', async () => {
    const good = makeChain();
    const strangers = makeChain({
      root: { key: keys.other, signer: keys.other },
      intermediate: { key: keys.other, signer: keys.other },
      ek: {
        signer: keys.other,
        extensions: [...ekExtensions, ekList(), issuerAt('http://somewhere.test/ca.cer')],
      },
    });
    open([good.root, good.intermediate], { trustFetch: { internalHosts: [server.host] } });
    harvest(1, strangers.ek);
    const report = await run();
    assert.deepEqual(
      [report.faults, report.fetched, report.unlisted, server.asked],
      [[], [], ['somewhere.test'], []],
    );
    assert.match(examineLists(core)[0]!.found, /named by TPMs alone and not asked: somewhere\.test/);
  });

  it('H8 a maker’s certificate does not lead into the plant either', async () => {
    const { root, intermediate, ek } = certified(
      distributionPoint(
        'http://169.254.169.254/latest/meta-data',
        'http://127.0.0.1/ek.crl',
        'ldap://pki/cn=crl',
      ),
    );
    open([root, intermediate], { trustFetch: { internalHosts: [] } });
    harvest(1, ek);
    assert.deepEqual((await codes()).toSorted(), ['address-inside', 'address-inside', 'address-refused']);
    assert.deepEqual(server.asked, []);
  });

  it('H8 takes no list that is none, and the one at hand stays', async () => {
    const { root, intermediate, ek } = certified(ekList());
    open([root, intermediate]);
    harvest(1, ek);
    const delta = { oid: '2.5.29.27', critical: true, value: der(0x02, Buffer.of(1)) };
    for (const [answer, code] of [
      [Buffer.from('<html>sign in to the network</html>'), 'list-malformed'],
      [Buffer.from(pemBlock('X509 CRL', listOf())), 'list-pem'],
      [intermediate, 'list-malformed'],
      [listOf({ signer: keys.other }), 'list-signature'],
      [listOf({ issuer: names.root, signer: keys.root }), 'list-issuer'],
      [listOf({ extensions: [delta] }), 'list-delta'],
      [listOf({ nextUpdate: null }), 'list-no-next-update'],
      [Buffer.alloc(4 * 1024 * 1024 + 1), 'too-large'],
    ] as const) {
      server.answer('/ek.crl', answer);
      assert.deepEqual(await codes(), [code]);
      assert.equal(core.trust.store()!.lists.length, 0, code);
    }
    server.answer('/ek.crl', (_, response) => response.writeHead(302, { location: '/ek.crl' }).end());
    assert.deepEqual(await codes(), ['too-many-redirects']);
    server.answer('/ek.crl', () => {});
    assert.deepEqual(
      (await fetchTrust(core, { insist: true, environment: {}, deadlineMs: 100 })).faults.map(
        ({ code }) => code,
      ),
      ['took-too-long'],
    );
    server.answer('/ek.crl', listOf(revoking()));
    assert.equal((await run()).fetched.length, 1);
    at = Date.parse('2030-07-14T12:00:00Z');
    server.answer('/ek.crl', listOf());
    assert.deepEqual(await codes(), ['list-older'], 'nobody brings a list from before the revocation back');
    assert.equal((await judgeAgain(core)).revoked.length, 1);
    const [finding] = examineLists(core);
    assert.match(finding!.found, /cannot fetch the list at .*list-older/);
  });

  it('H8 a list that is stale when it comes clears nobody, still revokes, and is said', async () => {
    const { root, intermediate, ek } = certified(ekList());
    open([root, intermediate]);
    harvest(1, ek);
    const stale = { nextUpdate: new Date('2030-06-14') };
    server.answer('/ek.crl', listOf({ ...revoking(), ...stale }));
    assert.deepEqual(await codes(), ['list-stale']);
    assert.equal((await judgeAgain(core)).revoked.length, 1);
  });

  it('O6 waits longer each time for what does not answer, over restarts too', async () => {
    const { root, intermediate, ek } = certified(ekList());
    open([root, intermediate]);
    harvest(1, ek);
    server.answer('/ek.crl', (_, response) => response.writeHead(503).end());
    const byItself = () => fetchTrust(core, { environment: {} });
    const askedAfter: number[] = [];
    for (let hours = 0; hours < 50; hours += 1) {
      const before = server.asked.length;
      await byItself();
      if (server.asked.length > before) askedAfter.push(hours);
      at += HOUR;
      if (hours === 5) {
        core.close();
        open([root, intermediate]);
      }
    }
    assert.deepEqual(askedAfter, [0, 1, 3, 7, 15, 31]);
    assert.deepEqual(
      (await byItself()).faults.map(({ code }) => code),
      ['answer-status'],
    );
    assert.equal(server.asked.length, 6);
  });

  it('is done by one process at a time, and has nothing to do without an anchor', async () => {
    const { root, intermediate } = certified();
    open([root]);
    const lock = acquireFileLock(folder, 'trust-fetch.lock')!;
    const isCode = (code: string) => (error: unknown) => error instanceof StationError && error.code === code;
    await assert.rejects(run(), isCode('trust-fetch-elsewhere'));
    lock.release();
    core.close();
    open([intermediate]);
    await assert.rejects(run(), isCode('trust-store-empty'));
    assert.deepEqual([viewLists(core), examineLists(core)], [null, []]);
  });

  it('H8 a plant without a network carries a list in by hand, and a product can leave revocation alone', async () => {
    const { root, intermediate, ek } = certified(ekList());
    const products = [{ name: 'default' }, { name: 'lenient', revocation: 'off' }];
    open([root, intermediate], { products });
    harvest(1, ek);
    harvest(2, ek, 'lenient');
    writeFileSync(path.join(folder, 'trust', 'maker.crl'), listOf(revoking()));
    core.close();
    open([root, intermediate], { products });
    const schedule = startTrustFetch(core, { firstLookMs: 0, lookEveryMs: 5 });
    while (core.ledger.counts.certificateDebt() === 0) await new Promise(resolve => setImmediate(resolve));
    await schedule.close();
    assert.deepEqual(server.asked, [], 'a station without a key for DPS is not the online side');
    assert.deepEqual(
      listCertificateDebt(core, 9).map(({ serial }) => serial),
      ['SN-1'],
    );
    const lenient = JSON.parse(core.ledger.harvests.ofSerial('SN-2')[0]!.evidence);
    assert.deepEqual([lenient.certificate.status, lenient.warnings], ['verified', []]);
    assert.equal(readdirSync(folder).includes('trust-fetched'), false);
  });

  it('S4 outlives a trust store that cannot be read for a time, and looks again', async t => {
    open([makeChain().root]);
    t.mock.method(core.dps, 'access', () => ({}));
    const read = t.mock.method(core.trust, 'read', () => {
      throw new TrustError('folder-unreadable', 'EIO');
    });
    const schedule = startTrustFetch(core, { firstLookMs: 0, lookEveryMs: 1 });
    for (const end = Date.now() + 10_000; read.mock.callCount() < 2; ) {
      assert.ok(Date.now() < end, `it looked ${read.mock.callCount()} times`);
      await new Promise(resolve => setImmediate(resolve));
    }
    await schedule.close();
  });

  it('H8 nothing that a harvest imports can fetch', () => {
    open([makeChain().root]);
    const root = path.resolve(import.meta.dirname, '../../..');
    const reached = reachable(root, [
      'src/harvest/run-harvest.ts',
      'src/trust/judge-chain.ts',
      'src/station/attempt/judge-certificate.ts',
      'src/station/attempt/plant-trust.ts',
      'src/station/attempt/harvest-device.ts',
    ]);
    assert.ok(reached.has('src/trust/judge-revocation.ts') && reached.size > 100, `${reached.size}`);
    assert.deepEqual(
      [...reached].filter(file => /trust-fetch\/(?:fetch|asked)/.test(file)),
      [],
    );
  });
});

/** Files of ours that these import, also indirectly, but for types. */
function reachable(root: string, from: readonly string[]): ReadonlySet<string> {
  const reached = new Set(from);
  for (const file of reached)
    for (const { specifier, typeOnly } of file.endsWith('.ts') ? readImports(root, file) : [])
      if (specifier.startsWith('.') && !typeOnly)
        reached.add(path.posix.join(path.posix.dirname(file), specifier));
  return reached;
}

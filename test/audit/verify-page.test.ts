/** The page that verifies evidence, as built, in a real Chromium without any network. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import canonicalize from 'canonicalize';
import type { Browser, Page } from 'playwright';
import { buildVerifier } from '../../scripts/build-verifier.ts';
import { type ExportFormat, exportFormats } from '../../src/audit/export/assemble-export.ts';
import { verifyConsistency } from '../../src/audit/verify/verify-consistency.ts';
import { verifyExport } from '../../src/audit/verify/verify-export.ts';
import { verifyPassport } from '../../src/audit/verify/verify-passport.ts';
import { recordAttempt } from '../../src/station/attempt/record-attempt.ts';
import { writeConsistencyProof } from '../../src/station/export/consistency-proof.ts';
import { writePassport } from '../../src/station/export/device-passport.ts';
import { exportAudit } from '../../src/station/export/export-audit.ts';
import { keepCheckpoint } from '../../src/station/log/keep-checkpoint.ts';
import { rotateKey } from '../../src/station/log/rotate-key.ts';
import { openCore, type StationCore } from '../../src/station/open-core.ts';
import { overruleAttempt } from '../../src/station/overruling/overrule-attempt.ts';
import { personOf } from '../../src/station/people.ts';
import { axeFaults } from '../axe.ts';
import { missing } from '../parts.ts';
import fc from '../property.ts';
import { launchChromium } from '../standin/run-app.ts';
import { mina } from '../station/access/people-fixture.ts';
import { enterSupervisor } from '../station/conflict-desk/two-stations.ts';
import { coreForTest, readAttempt } from '../station/station-fixture.ts';
import { checkpointOf, exportTo, logOf } from './log-fixture.ts';

// biome-ignore lint/suspicious/noExplicitAny: a passport taken apart
type Loose = any;

describe('the page that verifies evidence', { skip: missing('chromium') }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-verify-page-'));
  let browser: Browser;
  let page: Page;
  const requests: string[] = [];
  const complaints: string[] = [];
  let passport: string;
  let stationKey: string;

  before(async () => {
    const file = path.join(folder, 'verify.html');
    await buildVerifier(file);
    browser = await launchChromium();
    const context = await browser.newContext({ offline: true, locale: 'en', timezoneId: 'UTC' });
    page = await context.newPage();
    page.on('request', request => requests.push(request.url()));
    page.on('console', message => complaints.push(message.text()));
    page.on('pageerror', error => complaints.push(String(error)));
    await page.goto(pathToFileURL(file).href);
    using core = coreForTest();
    for (let key = 1; key <= 40; key += 1) recordAttempt(core, readAttempt(key, `SN-${key}`));
    recordAttempt(core, readAttempt(20, 'SN-20'));
    const written = await writePassport(core, {
      name: 'SN-20',
      out: path.join(folder, 'p'),
      account: 'os:test',
    });
    passport = readFileSync(written.file, 'utf8');
    stationKey = written.verifierKey;
    const clone = readAttempt(20, 'SN-99', { product: core.configuration.products[0]! });
    recordAttempt(core, clone);
    const act = { who: enterSupervisor(core), reason: 'wrong label' };
    overruleAttempt(core, { harvestId: clone.harvestId, overruling: 'relabel' }, act);
    await writePassport(core, { name: 'SN-99', out: path.join(folder, 'decided'), account: 'os:test' });
    await writeRevoked(core);
    // What a station really writes, in every form.
    for (const format of exportFormats)
      await exportAudit(core, { format, out: path.join(folder, `station.${format}`), account: 'os:test' });
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** The passport of a device whose certificate was verified at its harvest and revoked by its maker since. */
  async function writeRevoked(core: StationCore): Promise<void> {
    const certificate = { status: 'verified', sha256: 'ab'.repeat(32), chain: ['ab'.repeat(32)] } as const;
    const attempt = readAttempt(77, 'SN-77');
    recordAttempt(core, {
      ...attempt,
      finding: { ...attempt.finding, certificate } as typeof attempt.finding,
    });
    const device = core.ledger.devices.bySerial('SN-77', 'default')!;
    core.ledger.transaction(() =>
      core.audit.append(core.identity, personOf(core.ledger, 'system', 1), {
        type: 'certificate-judgement',
        data: {
          registrationId: device.registration_id,
          harvestId: device.harvest_id,
          serial: device.serial,
          workOrder: null,
          ekSha256: device.ek_sha256,
          change: 'revoked',
          statusBefore: 'verified',
          certificate: { status: 'revoked', sha256: certificate.sha256 },
        },
      }),
    );
    await writePassport(core, { name: 'SN-77', out: path.join(folder, 'revoked'), account: 'os:test' });
  }

  /** Loads the page anew and drops the files. @returns the state of each, in their order */
  async function judged(files: readonly (string | Buffer)[], key = ''): Promise<string[]> {
    await page.reload();
    if (key !== '') await page.fill('#key', key);
    await page.setInputFiles(
      '#files',
      files.map((file, at) => ({ name: `${at}.json`, mimeType: 'text/plain', buffer: Buffer.from(file) })),
    );
    await page.waitForFunction(
      count =>
        document.querySelectorAll('.card').length === count &&
        document.querySelector('.card.working') === null,
      files.filter(file => !String(file).includes('\n\n— ') || String(file).length > 1000).length,
    );
    const states = await page
      .locator('.card')
      .evaluateAll(cards => cards.map(card => (card as HTMLElement).dataset.state!));
    return states.reverse();
  }

  it('A3 asks no network for anything, and says nothing to the console', async () => {
    await judged([passport]);
    assert.ok(
      requests.every(url => url.startsWith('file:') && url.endsWith('/verify.html')),
      requests.join(),
    );
    assert.deepEqual(complaints, []);
    await assert.rejects(page.evaluate(() => fetch('http://127.0.0.1:9/')));
    complaints.length = 0;
  });

  it('A3 verifies a passport, and exports of every form, as the station does', async t => {
    const station = exportFormats.map(format => readFileSync(path.join(folder, `station.${format}`)));
    assert.deepEqual(await judged([passport, ...station]), ['intact', 'intact', 'intact', 'intact']);
    assert.deepEqual(await judged([passport], stationKey), ['signed']);
    assert.match(await page.locator('.card').innerText(), /SN-20/);
    assert.match(await page.locator('.card').innerText(), /TPM proved to hold the key/);
    const log = logOf(140);
    for (const format of exportFormats) {
      const whole = readFileSync(await exportTo(t, log, format));
      const part = readFileSync(await exportTo(t, log, format, { workOrder: 'W-1', state: 'passed' }));
      assert.deepEqual(await judged([whole, part], log.key.verifierKey), ['signed', 'signed'], format);
      assert.deepEqual(await judged([checkpointOf(log, 77), whole]), ['witnessed'], format);
      assert.match(await page.locator('.card').innerText(), /From entry 77 on/);
      assert.deepEqual(await judged([whole], logOf(1).key.verifierKey), ['key-differs']);
    }
  });

  it('A3 H6 shows that a device passed by decision, and finds claims that are another’s', async () => {
    const decided = readFileSync(path.join(folder, 'decided'), 'utf8');
    assert.deepEqual(await judged([decided]), ['intact']);
    assert.match(await page.locator('.card').innerText(), /Passed by decision of a person/);
    const { claims, logs } = JSON.parse(decided);
    const claim = claims.find(({ what }: Loose) => what === 'decided');
    assert.equal(claims.length, 7, 'key and possession three times, and the decision');
    const made = ['key-read', 'possession', 'enrolled', 'deleted', 'retired', 'toString'].flatMap(what =>
      logs[0].entries.map(({ index, entry }: Loose) => ({ ...claim, what, index, at: JSON.parse(entry).at })),
    );
    const texts = made.map(each => `${canonicalize({ ...JSON.parse(decided), claims: [each] })}\n`);
    const expected = await Promise.all(texts.map((text, at) => nodeProblem(text, `claimed-${at}`)));
    assert.deepEqual(new Set(expected), new Set(['claim-differs', 'seal-differs']));
    assert.deepEqual(await judged(texts), expected);
  });

  it('H8 A3 shows a revoked certificate as revoked, and finds the claim that it is verified', async () => {
    const revoked = readFileSync(path.join(folder, 'revoked'), 'utf8');
    assert.deepEqual(await judged([revoked]), ['intact']);
    const card = await page.locator('.card').innerText();
    assert.match(card, /EK certificate revoked by its maker/);
    assert.doesNotMatch(card, /EK certificate verified/);
    const { claims, logs } = JSON.parse(revoked);
    const made = ['certificate', 'certificate-revoked'].flatMap(what =>
      logs[0].entries.map(({ index, entry }: Loose) => ({
        ...claims[0],
        what,
        index,
        at: JSON.parse(entry).at,
      })),
    );
    const texts = made.map(each => `${canonicalize({ ...JSON.parse(revoked), claims: [each] })}\n`);
    const expected = await Promise.all(texts.map((text, at) => nodeProblem(text, `revoked-${at}`)));
    assert.deepEqual(expected, ['claim-differs', 'claim-differs', 'claim-differs', 'seal-differs']);
    assert.deepEqual(await judged(texts), expected);
  });

  it('A2 follows from the key that was given to the one that signs today', async () => {
    const core = openCore({
      dataDirectory: path.join(folder, 'station'),
      env: { KEYLINE_REHEARSAL: '1', KEYLINE_SECRET_STORE: 'files' },
    });
    try {
      recordAttempt(core, readAttempt(1, 'SN-1'));
      const key = core.identity.verifierKey;
      const checkpoint = core.audit.checkpoint(() => core.identity).note;
      rotateKey(core, { who: await mina(core), reason: 'a new one' });
      const out = (name: string) => path.join(folder, `rotated-${name}`);
      await writePassport(core, { name: 'SN-1', out: out('passport'), account: 'os:test' });
      await exportAudit(core, { format: 'jsonl', out: out('export'), account: 'os:test' });
      const made = [readFileSync(out('passport')), readFileSync(out('export'))];
      assert.deepEqual(await judged(made, key), ['signed', 'signed']);
      assert.deepEqual(await judged(made, core.identity.verifierKey), ['signed', 'signed']);
      assert.deepEqual(await judged(made, stationKey), ['key-differs', 'key-differs']);
      assert.deepEqual(await judged([checkpoint, ...made]), ['signed', 'witnessed']);
      await judgeConsistencyProofs(core, checkpoint, key);
    } finally {
      core.close();
    }
  });

  it('A3 finds every tampered passport, some hundred, and names what Keyline names', async () => {
    const changes: readonly ((p: Loose) => unknown)[] = [
      p => (p.logs[0].entries[0].entry = p.logs[0].entries[0].entry.replace('SN-20', 'SN-21')),
      p => p.logs[0].entries[0].proof.pop(),
      p => (p.logs[0].entries[0].index += 1),
      p => p.logs[0].entries.push(p.logs[0].entries[1]),
      p => p.logs[0].entries.reverse(),
      p => p.logs[0].entries.pop(),
      p => (p.device.serial = 'SN-2'),
      p => (p.device.product = 'x'),
      p => (p.device.registrationId = 'x'),
      p => (p.device.workOrder = 'W'),
      p => (p.device.endorsementKey = 'AAAA'),
      p => p.certificates.push('AAAA'),
      p => (p.claims[0].what = 'certificate'),
      p => (p.claims[0].at = '2020-01-01T00:00:00.000Z'),
      p => p.claims.pop(),
      p => (p.madeAt = '2020-01-01T00:00:00.000Z'),
      p => (p.rehearsal = false),
      p => (p.logs[0].size += 1),
      p => (p.logs[0].origin = 'a/b'),
      p => (p.logs[0].checkpoint = p.seal),
      p => (p.seal = p.logs[0].checkpoint),
      p => (p.more = 1),
      p => delete p.claims,
    ];
    const made = changes.map(change => {
      const json = JSON.parse(passport);
      change(json);
      return `${canonicalize(json)}\n`;
    });
    const expected = await Promise.all(made.map((text, at) => nodeProblem(text, `changed-${at}`)));
    assert.deepEqual(await judged(made), expected);

    const bytes = Buffer.from(passport);
    const [flips] = fc.sample(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), {
        minLength: 250,
        maxLength: 250,
      }),
      1,
    );
    const flipped = flips!.map(([at, mask]) => {
      const copy = Buffer.from(bytes);
      copy[at]! ^= mask;
      return copy;
    });
    const cuts = Array.from({ length: 50 }, (_, at) =>
      bytes.subarray(0, Math.floor((at * bytes.length) / 50)),
    );
    const states = await judged([...flipped, ...cuts]);
    assert.equal(states.length, 300);
    for (const [at, state] of states.entries())
      assert.ok(!['intact', 'signed', 'witnessed'].includes(state), `${at}: ${state}`);
  });

  for (const format of exportFormats)
    it(`A3 finds changes of an export, ${format}, and names what Keyline names`, async t => {
      const made = await changedExports(t, format);
      const expected = await Promise.all(
        made.map(async (text, at) => {
          const file = path.join(folder, `${format}-${at}`);
          writeFileSync(file, text);
          const verdict = await verifyExport(file);
          return verdict.ok ? verdict.level : verdict.problem;
        }),
      );
      assert.ok(!expected.includes('intact'));
      assert.deepEqual(await judged(made), expected);
    });

  it('has no fault of accessibility, in both languages and with all kinds of verdict', async () => {
    await judged([passport, passport.replace('SN-20', 'SN-21'), 'something else']);
    for (const language of ['en', 'ko']) {
      assert.equal(await page.locator('html').getAttribute('lang'), language);
      await page.emulateMedia({ colorScheme: language === 'en' ? 'light' : 'dark' });
      assert.deepEqual(await axeFaults(page), []);
      await page.click('#language');
    }
    if (process.env.KEYLINE_SCREENSHOTS)
      for (const language of ['en', 'ko'] as const) {
        await page.screenshot({
          path: path.join(process.env.KEYLINE_SCREENSHOTS, `verify-${language}.png`),
          fullPage: true,
        });
        await page.click('#language');
      }
  });

  /** Of two sizes, a perfect tree among them, and what is changed of one. */
  async function judgeConsistencyProofs(core: StationCore, checkpoint: string, key: string): Promise<void> {
    const { origin } = core.identity;
    const [from, out] = [path.join(folder, 'from.checkpoint'), path.join(folder, 'proof')];
    writeFileSync(from, checkpoint);
    const proof = async () => {
      await writeConsistencyProof(core, { from, out, account: 'os:test' });
      return readFileSync(out, 'utf8');
    };
    const first = await proof();
    const grown: string[] = [];
    for (let more = 2; more < 15; more += 1) {
      recordAttempt(core, readAttempt(more, `SN-${more}`));
      grown.push(await proof());
      if (more % 4 === 0) writeFileSync(from, keepCheckpoint(core).note);
    }
    assert.deepEqual(
      await judged(grown, key),
      grown.map(() => 'signed'),
    );
    assert.deepEqual(await judged([first]), ['intact']);
    assert.match(await page.locator('.card').innerText(), /begins with the whole log of 2\./);
    assert.deepEqual(await judged([checkpoint, first]), ['witnessed']);
    assert.deepEqual(await judged([first], stationKey), ['key-differs']);
    const last = await proof();
    const changes: readonly ((p: Loose) => unknown)[] = [
      p => p.proof.reverse(),
      p => p.proof.pop(),
      p => p.proof.push(p.proof[0]),
      p => (p.proof[0] = 'x'),
      p => ([p.from, p.to] = [p.to, p.from]),
      p => (p.from = p.to),
      p => (p.from = checkpointOf(logOf(3))),
      p => delete p.rotations,
      p => (p.origin = `${origin}x`),
      p => (p.madeAt = '2020-01-01T00:00:00.000Z'),
      p => (p.rehearsal = false),
      p => (p.more = 1),
      p => (p.seal = p.to),
    ];
    const made = changes.map(change => {
      const json = JSON.parse(last);
      change(json);
      return `${canonicalize(json)}\n`;
    });
    const expected = await Promise.all(
      made.map(async (text, at) => {
        writeFileSync(path.join(folder, `proof-${at}`), text);
        const verdict = await verifyConsistency(path.join(folder, `proof-${at}`));
        return verdict.ok ? verdict.level : verdict.problem;
      }),
    );
    assert.ok(!expected.includes('intact'));
    // A hash that is none is a member of another kind there, and a proof that proves nothing here.
    assert.deepEqual(await judged(made), expected.with(3, 'root-differs'));
  }

  async function nodeProblem(text: string, name: string): Promise<string> {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    const verdict = await verifyPassport(file);
    return verdict.ok ? verdict.level : verdict.problem;
  }

  async function changedExports(t: TestContext, format: ExportFormat): Promise<string[]> {
    const whole = readFileSync(await exportTo(t, logOf(30), format), 'utf8');
    const part = readFileSync(await exportTo(t, logOf(30), format, { workOrder: 'W-1' }), 'utf8');
    const other = readFileSync(await exportTo(t, logOf(31), format), 'utf8');
    const rows = whole.split(/(?<=\n)(?=[0-9]+,|,|\{)/);
    const at = format === 'jsonl' ? 9 : 10;
    return [
      rows.with(
        at,
        rows[at]!.replaceAll('"durationMs":850', '"durationMs":851').replaceAll(
          '""durationMs"":850',
          '""durationMs"":851',
        ),
      ),
      rows.toSpliced(at, 1),
      rows.toSpliced(at, 0, rows[at]!),
      rows.with(at, rows[at + 1]!).with(at + 1, rows[at]!),
      rows.slice(0, -1),
      [whole.replace('"madeAt":"2026', '"madeAt":"2027').replace('""madeAt"":""2026', '""madeAt"":""2027')],
      [part.replace('W-1', 'W-2')],
      [...rows.slice(0, -1), other.split(/(?<=\n)(?=[0-9]+,|,|\{)/).at(-1)!],
      [whole, '\n'],
      [whole.slice(0, -1)],
    ].map(pieces => pieces.join(''));
  }
});

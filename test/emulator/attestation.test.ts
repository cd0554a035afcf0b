import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { enrollmentDocument } from './enrollment-documents.ts';
import { callService, emulatorForTest, type TestEmulator } from './running-emulator.ts';

describe('settleAttestation', () => {
  let emulator: TestEmulator;
  let certificate: string;
  let another: string;
  before(async () => {
    emulator = await emulatorForTest();
    certificate = readFileSync(emulator.caFile, 'utf8');
    another = readFileSync(join(emulator.dir, 'server.pem'), 'utf8');
  });
  after(async () => {
    assert.deepEqual(emulator.defects, []);
    await emulator[Symbol.asyncDispose]();
  });

  const put = (root: string, id: string, attestation: unknown, headers = {}) => {
    const idMember = root === 'enrollments' ? 'registrationId' : 'enrollmentGroupId';
    return callService(emulator, 'PUT', `/${root}/${id}`, { [idMember]: id, attestation }, headers);
  };
  const get = async (path: string) => (await callService(emulator, 'GET', path)).json;
  const mechanism = async (path: string) =>
    (await callService(emulator, 'POST', `${path}/attestationmechanism`)).json;

  it('makes symmetric keys that were not sent, shows them in the mechanism only, and keeps them on update', async () => {
    const created = (await put('enrollments', 'keys', { type: 'symmetricKey' })).json;
    const keys = created.attestation.symmetricKey;
    assert.equal(Buffer.from(keys.primaryKey, 'base64').length, 64);
    assert.notEqual(keys.primaryKey, keys.secondaryKey);
    const shown = await get('/enrollments/keys');
    assert.deepEqual(shown.attestation, { type: 'symmetricKey', symmetricKey: {} });
    const updated = await callService(emulator, 'PUT', '/enrollments/keys', shown, {
      'If-Match': shown.etag,
    });
    assert.equal(updated.status, 200);
    assert.deepEqual(await mechanism('/enrollments/keys'), { type: 'symmetricKey', symmetricKey: keys });
    const page = await callService(emulator, 'POST', '/enrollments/query', { query: '*' });
    assert.ok(!page.text.includes(keys.primaryKey) && !page.text.includes(keys.secondaryKey));
  });

  it('tells of a certificate what it says, and shows its text in the mechanism only', async () => {
    const primary = { certificate };
    await put('enrollments', 'cert', { type: 'x509', x509: { clientCertificates: { primary } } });
    const parsed = new X509Certificate(certificate);
    const info = {
      subjectName: 'CN=Keyline DPS emulator CA',
      sha1Thumbprint: parsed.fingerprint.replaceAll(':', ''),
      sha256Thumbprint: parsed.fingerprint256.replaceAll(':', ''),
      issuerName: 'CN=Keyline DPS emulator CA',
      notBeforeUtc: new Date(parsed.validFrom).toISOString().replace('.000', ''),
      notAfterUtc: new Date(parsed.validTo).toISOString().replace('.000', ''),
      serialNumber: parsed.serialNumber,
      version: 3,
    };
    const shown = await get('/enrollments/cert');
    assert.deepEqual(shown.attestation.x509, { clientCertificates: { primary: { info } } });
    const whole = { type: 'x509', x509: { clientCertificates: { primary: { certificate, info } } } };
    assert.deepEqual(await mechanism('/enrollments/cert'), whole);
    const body = { ...shown, provisioningStatus: 'disabled' };
    await callService(emulator, 'PUT', '/enrollments/cert', body, { 'If-Match': shown.etag });
    assert.deepEqual(await mechanism('/enrollments/cert'), whole);
  });

  it('takes a CA’s certificates, two of them, for a group', async () => {
    const signingCertificates = { primary: { certificate }, secondary: { certificate: another } };
    const created = await put('enrollmentGroups', 'signed', { type: 'x509', x509: { signingCertificates } });
    assert.equal(created.status, 200, created.text);
    const shown = (await get('/enrollmentGroups/signed')).attestation.x509.signingCertificates;
    assert.equal(shown.primary.info.subjectName, 'CN=Keyline DPS emulator CA');
    assert.equal(shown.secondary.info.subjectName, 'CN=localhost');
  });

  it('refuses with 400004 what the kind of enrollment or the mechanism cannot have', async () => {
    const x509 = (members: unknown) => ({ type: 'x509', x509: members });
    const primary = { certificate };
    const { attestation: tpm } = enrollmentDocument('any');
    const refused: [string, unknown, RegExp][] = [
      ['enrollmentGroups', tpm, /individual enrollments only/],
      ['enrollmentGroups', x509({ clientCertificates: { primary } }), /signingCertificates/],
      ['enrollments', x509({ signingCertificates: { primary } }), /clientCertificates/],
      ['enrollments', x509({ clientCertificates: { primary }, caReferences: { primary: 'a' } }), /either/],
      ['enrollments', x509({}), /either/],
      ['enrollments', x509(undefined), /either/],
      ['enrollments', x509({ clientCertificates: {} }), /primary must be given/],
      ['enrollments', x509({ clientCertificates: { primary: {} } }), /primary must be given/],
      ['enrollments', x509({ clientCertificates: { primary: { certificate: 'AAAA' } } }), /not readable/],
      ['enrollments', x509({ caReferences: { secondary: 'a' } }), /caReferences.primary/],
      ['enrollments', { type: 'symmetricKey', symmetricKey: { primaryKey: 'short' } }, /symmetric key/],
    ];
    for (const [root, attestation, message] of refused) {
      const answer = await put(root, 'refused', attestation);
      assert.equal(answer.status, 400, answer.text);
      assert.equal(answer.json.errorCode, 400004);
      assert.match(answer.json.message, message);
    }
  });
});

import assert from 'node:assert/strict';
import fs, {
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { describe, test } from 'node:test';
import { readCertificateFile } from '../../src/trust/certificate-file.ts';
import { TrustError } from '../../src/trust/errors.ts';
import { judgeChain } from '../../src/trust/judge-chain.ts';
import { readTrustStore, TrustFolder } from '../../src/trust/trust-folder.ts';
import { type TrustStore, withFetched } from '../../src/trust/trust-store.ts';
import fc from '../property.ts';
import { toPem } from './make-certificate.ts';
import { keys, makeChain, makeLists, now, storeWith, temporaryFolder } from './test-chain.ts';

const chain = makeChain();
const privateKeyPem = keys.other.privateKey.export({ format: 'pem', type: 'pkcs8' });

function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder();
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), content);
  }
  return folder;
}

const subjects = (list: TrustStore['anchors']) => list.map(({ certificate }) => certificate.subject.text);
const setAside = (store: TrustStore) => store.setAside.map(({ file, code }) => [file, code]);

describe('readTrustStore', () => {
  test('H8 takes DER, PEM and bundles with text between, in folders, and tells anchors from intermediates', () => {
    const bundle = `Maker's CAs\n# root\n${toPem(chain.root)}# intermediate\r\n${toPem(chain.intermediate)}`;
    for (const files of [
      { 'root.cer': chain.root, 'intermediate.der': chain.intermediate },
      { 'Maker/RootCA/root.pem': toPem(chain.root), 'Maker/IntermediateCA/ca.crt': chain.intermediate },
      { 'all.pem': bundle, 'again.pem': bundle.replaceAll('\n', '\r\n') },
      { 'old.pem': bundle.replaceAll(' CERTIFICATE', ' X509 CERTIFICATE') },
    ] as const) {
      const store = readTrustStore(folderWith(files));
      assert.deepEqual(subjects(store.anchors), ['CN=Maker Root CA']);
      assert.deepEqual(subjects(store.intermediates), ['CN=Maker EK CA 7']);
      assert.deepEqual(store.setAside, []);
      assert.equal(judgeChain(chain.ek, store, now).status, 'verified');
    }
  });

  test('H8 only a CA that signed itself is an anchor', () => {
    const forged = makeChain({ root: { signer: keys.other } }).root;
    const noCa = makeChain({ root: { extensions: [] } }).root;
    const store = readTrustStore(folderWith({ 'a.pem': toPem(forged, noCa) }));
    assert.deepEqual([store.anchors.length, store.intermediates.length], [0, 2]);
  });

  test('names every file that it cannot use, why, and what to do, and keeps the rest', () => {
    const folder = folderWith({
      'good.pem': toPem(chain.root),
      'README.txt': 'the CAs of our makers',
      'empty.cer': '',
      'cut.der': chain.root.subarray(0, -1),
      'cut.pem': `${toPem(chain.intermediate)}-----BEGIN CERTIFICATE-----\nMIIB\n`,
      'spoilt.pem': toPem(chain.root).replace(/\n.{5}/, '\n*****'),
      'key.pem': `${toPem(chain.intermediate)}${privateKeyPem}`,
      'sequence.der': Buffer.from('3003020101', 'hex'),
      'two.pem': toPem(chain.root, Buffer.from('3000', 'hex')),
      '.DS_Store': 'of the system',
    });
    writeFileSync(path.join(folder, 'huge.pem'), '');
    truncateSync(path.join(folder, 'huge.pem'), 5_000_000);
    symlinkSync('nowhere', path.join(folder, 'dangling.pem'));
    const store = readTrustStore(folder);
    assert.deepEqual(setAside(store), [
      ['README.txt', 'no-certificate'],
      ['cut.der', 'no-certificate'],
      ['cut.pem', 'pem-damaged'],
      ['dangling.pem', 'file-unreadable'],
      ['empty.cer', 'no-certificate'],
      ['huge.pem', 'file-too-large'],
      ['key.pem', 'pem-foreign'],
      ['sequence.der', 'certificate-malformed'],
      ['spoilt.pem', 'pem-damaged'],
      ['two.pem', 'certificate-malformed'],
    ]);
    for (const { hint, detail } of store.setAside) assert.ok(hint.length > 20 && detail.length > 3);
    assert.match(store.setAside.at(-1)!.detail, /^certificate 2: /);
    assert.doesNotMatch(JSON.stringify(store.setAside), /[A-Za-z0-9+/]{40}/, 'nothing of a key in the words');
    assert.deepEqual([store.anchors.length, store.intermediates.length], [1, 1]);
  });

  test('names a file without the right to read it', { skip: process.getuid?.() === 0 && 'root may' }, () => {
    const folder = folderWith({ 'locked.pem': toPem(chain.root) });
    chmodSync(path.join(folder, 'locked.pem'), 0);
    assert.deepEqual(setAside(readTrustStore(folder)), [['locked.pem', 'file-unreadable']]);
  });

  test('a folder that is not there or no folder is an error with a hint', () => {
    const folder = folderWith({ file: 'text' });
    for (const wrong of [path.join(folder, 'none'), path.join(folder, 'file')])
      assert.throws(
        () => readTrustStore(wrong),
        error => error instanceof TrustError && error.code === 'folder-unreadable' && error.hint.length > 20,
      );
  });

  test('whatever a file holds, it is taken or set aside', () => {
    const pem = Buffer.from(toPem(chain.root));
    const changed = fc.tuple(fc.nat(pem.length - 1), fc.nat(255)).map(([at, value]) => {
      const copy = Buffer.from(pem);
      copy[at] = value;
      return copy;
    });
    const content = fc.oneof(
      changed,
      fc.uint8Array({ maxLength: 200 }),
      fc.string().map(text => Buffer.from(text)),
    );
    fc.assert(
      fc.property(content, bytes => {
        const { certificates, wrong } = readCertificateFile(bytes);
        assert.ok(certificates.length + wrong.length > 0);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('TrustFolder', () => {
  test('is read once, and again when a file came, changed or went', () => {
    const folder = folderWith({ 'root.pem': toPem(chain.root) });
    const trust = new TrustFolder(folder, 0);
    const first = trust.current();
    assert.equal(trust.current(), first);
    writeFileSync(path.join(folder, 'ca.pem'), toPem(chain.intermediate));
    assert.equal(judgeChain(chain.ek, trust.current(), now).status, 'verified');
    writeFileSync(path.join(folder, 'root.pem'), 'spoilt');
    assert.equal(judgeChain(chain.ek, trust.current(), now).status, 'untrusted');
    assert.deepEqual(setAside(trust.current()), [['root.pem', 'no-certificate']]);
    rmSync(path.join(folder, 'root.pem'));
    assert.deepEqual(setAside(trust.current()), []);
    rmSync(folder, { recursive: true });
    assert.throws(() => trust.current(), TrustError);
  });

  test('reads no file again because another changed', () => {
    const { root, intermediate } = makeLists();
    const folder = folderWith({ 'root.crl': root, 'ca.pem': toPem(chain.root) });
    const trust = new TrustFolder(folder, 0);
    const first = trust.current();
    writeFileSync(path.join(folder, 'ca.crl'), intermediate);
    const second = trust.current();
    assert.deepEqual([first.lists.length, second.lists.length], [1, 2]);
    assert.equal(
      second.lists.find(({ file }) => file === 'root.crl'),
      first.lists[0],
    );
    assert.equal(second.anchors[0], first.anchors[0]);
    renameSync(path.join(folder, 'ca.crl'), path.join(folder, 'root.crl'));
    assert.deepEqual(
      trust.current().lists.map(({ list }) => list.sha256),
      second.lists.filter(({ file }) => file === 'ca.crl').map(({ list }) => list.sha256),
    );
  });

  test('reads again what could not be read, though nothing about it changed', t => {
    const trust = new TrustFolder(folderWith({ 'root.pem': toPem(chain.root) }), 0);
    const reading = t.mock.method(fs, 'readFileSync', () => {
      throw Object.assign(new Error('the share is away'), { code: 'EIO' });
    });
    syncBuiltinESMExports();
    assert.deepEqual(setAside(trust.current()), [['root.pem', 'file-unreadable']]);
    reading.mock.restore();
    syncBuiltinESMExports();
    assert.deepEqual(subjects(trust.current().anchors), ['CN=Maker Root CA']);
  });

  test('does not look at the disk again at once', () => {
    const folder = folderWith({ 'root.pem': toPem(chain.root) });
    const trust = new TrustFolder(folder, 60_000);
    const first = trust.current();
    rmSync(folder, { recursive: true });
    assert.equal(trust.current(), first);
  });
});

describe('withFetched', () => {
  test('H8 what was fetched gives intermediates and lists, and never an anchor', () => {
    const strangers = makeChain({ root: { key: keys.other, signer: keys.other } });
    const lists = makeLists();
    const plant = storeWith([chain.root], []);
    const joined = withFetched(plant, storeWith([strangers.root, chain.intermediate], [lists.root]));
    assert.deepEqual(
      joined.anchors.map(({ certificate }) => certificate.sha256),
      plant.anchors.map(({ certificate }) => certificate.sha256),
    );
    assert.deepEqual([joined.intermediates.length, joined.lists.length], [1, 1]);
    assert.equal(withFetched(plant, undefined), plant);
  });
});

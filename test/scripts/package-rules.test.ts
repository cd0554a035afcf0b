import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
const manifest = read('package.json');
const lock: { packages: Record<string, Locked> } = read('package-lock.json');

interface Locked {
  readonly version: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Record<string, string>;
}

test('the package ships what is native: the SQLite driver and the keyring; everything else is bundled', () => {
  assert.deepEqual(Object.keys(manifest.dependencies), ['@napi-rs/keyring', 'better-sqlite3']);
});

test('every version is exact', () => {
  for (const [name, version] of Object.entries<string>({
    ...manifest.dependencies,
    ...manifest.devDependencies,
  })) {
    assert.match(version, /^(npm:[a-z.]+@)?\d+\.\d+\.\d+$/, name);
  }
});

test("tss.js's foreign function packages, which need a compiler, are overridden away", () => {
  for (const name of ['ffi-napi', 'ref-napi', 'ref-array-di', 'ref-struct-di']) {
    assert.match(manifest.overrides[name], /^npm:noop2@/);
    assert.equal(lock.packages[`node_modules/${name}`]?.version, '2.0.0', name);
  }
});

test('the lock names no registry host, and a hash of every package', () => {
  for (const [location, { resolved, integrity }] of Object.entries(lock.packages)) {
    assert.equal(resolved, undefined, location);
    if (location !== '') assert.match(integrity ?? '', /^sha(512|1)-/, location);
  }
});

test('the lock is whole: `npm ci` refuses one without the optional packages of other platforms', () => {
  for (const [location, { optionalDependencies }] of Object.entries(lock.packages)) {
    for (const name of Object.keys(optionalDependencies ?? {})) {
      assert.ok(locate(location, name), `${name}, optional of ${location}`);
    }
  }
});

test('every install script in the tree is allowed or refused by name', () => {
  const scripted = Object.entries(lock.packages).filter(([, { hasInstallScript }]) => hasInstallScript);
  for (const [location] of scripted) {
    const name = location.replace(/^.*node_modules\//, '');
    assert.equal(typeof manifest.allowScripts[name], 'boolean', name);
  }
  assert.equal(manifest.allowScripts.node, true);
  assert.equal(
    manifest.allowScripts['better-sqlite3'],
    false,
    'it brings its binary; compiling needs the network',
  );
});

/** As Node looks for a package: in node_modules beside the importer, then further up. */
function locate(from: string, name: string): boolean {
  if (`${from === '' ? '' : `${from}/`}node_modules/${name}` in lock.packages) return true;
  if (from === '') return false;
  return locate(from.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, ''), name);
}

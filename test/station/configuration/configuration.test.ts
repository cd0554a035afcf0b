import assert from 'node:assert/strict';
import { rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { loadConfiguration, productOf } from '../../../src/station/configuration/load-configuration.ts';
import { defaultDataDirectory, prepareDataDirectory } from '../../../src/station/data-directory.ts';
import { temporaryFolder } from '../station-fixture.ts';

describe('loadConfiguration', () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'keyline.json');
  const load = (text: string) => {
    writeFileSync(file, text);
    return loadConfiguration(file);
  };

  it('gives a station that works where there is no file', () => {
    const configuration = loadConfiguration(path.join(folder, 'none.json'));
    assert.deepEqual(configuration.fixtures, []);
    assert.equal(productOf(configuration).name, 'default');
  });

  for (const [name, text, says] of [
    ['what is not JSON', '{', /not JSON/],
    ['an unknown name', '{"fixture":[]}', /fixture/],
    [
      'a bridge that is none',
      '{"fixtures":[{"id":"1","bridge":"serial:/dev/ttyS0"}]}',
      /fixtures\[0\]\.bridge/,
    ],
    [
      'an id that is there twice',
      '{"fixtures":[{"id":"1","bridge":"swtpm"},{"id":"1","bridge":"swtpm"}]}',
      /twice/,
    ],
    [
      'a pattern that is no expression',
      '{"products":[{"name":"a","serialPattern":"("}]}',
      /products\[0\]\.serialPattern/,
    ],
    [
      'a check digit scheme that it does not know',
      '{"products":[{"name":"a","checkDigit":"mod-10"}]}',
      /products\[0\]\.checkDigit.*luhn/,
    ],
    [
      'two ways to a device’s own serial',
      '{"products":[{"name":"a","dutSerial":{"from":"device-tree","command":"true"}}]}',
      /products\[0\]\.dutSerial.*either from or command/,
    ],
    [
      'a fixture that starts by itself behind a command',
      '{"fixtures":[{"id":"1","bridge":"cmd:true","handsFree":"scanned"}]}',
      /fixtures\[0\]\.handsFree: no device can be noticed behind cmd:/,
    ],
    [
      'a serial asked of a device that cannot be asked',
      '{"fixtures":[{"id":"1","bridge":"swtpm","handsFree":"device-serial"}]}',
      /fixtures\[0\]\.handsFree: only a device behind ssh:/,
    ],
    [
      'an initial twin that is nested without end',
      `{"products":[{"name":"a","initialTwin":{"tags":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}}]}`,
      /products\[0\]\.initialTwin: it is nested deeper than 32 levels/,
    ],
    [
      'desired properties in the wrong place of an initial twin, which DPS would drop without a word',
      '{"products":[{"name":"a","initialTwin":{"tags":{"line":7},"desired":{"rate":5}}}]}',
      /products\[0\]\.initialTwin.*desired/,
    ],
    ['a current product that is not there', '{"currentProduct":"b"}', /currentProduct/],
    [
      '33 fixtures',
      JSON.stringify({ fixtures: Array.from({ length: 33 }, (_, n) => ({ id: `${n}`, bridge: 'swtpm' })) }),
      /fixtures/,
    ],
  ] as const)
    it(`refuses ${name} and names the place`, () => {
      assert.throws(
        () => load(text),
        (error: Error & { code: string }) =>
          error.code === 'configuration-invalid' && says.test(error.message),
      );
    });

  it('refuses what might never end instead of reading it', {
    skip: process.platform !== 'linux' && 'needs /dev/zero',
  }, () => {
    const link = path.join(folder, 'endless.json');
    symlinkSync('/dev/zero', link);
    assert.throws(() => loadConfiguration(link), { code: 'configuration-invalid' });
  });

  it('takes a file with a byte order mark', () => {
    assert.equal(load('\uFEFF{"station":{"name":"S7"}}').station.name, 'S7');
  });

  it('refuses a product that is not configured', () => {
    assert.throws(() => productOf(load('{}'), 'none'), { code: 'product-unknown' });
  });
});

describe('the data directory', () => {
  it('is where each system keeps application data', () => {
    assert.equal(defaultDataDirectory({}, 'linux', '/home/kim'), '/home/kim/.local/share/keyline');
    assert.equal(defaultDataDirectory({ XDG_DATA_HOME: '/data' }, 'linux', '/home/kim'), '/data/keyline');
    assert.equal(
      defaultDataDirectory({ XDG_DATA_HOME: 'data' }, 'linux', '/home/kim'),
      '/home/kim/.local/share/keyline',
    );
    assert.equal(
      defaultDataDirectory({}, 'darwin', '/Users/kim'),
      '/Users/kim/Library/Application Support/Keyline',
    );
    assert.equal(
      defaultDataDirectory({ LOCALAPPDATA: 'C:\\Users\\kim\\AppData\\Local' }, 'win32', 'C:\\Users\\kim'),
      'C:\\Users\\kim\\AppData\\Local\\Keyline',
    );
  });

  it('is made for its owner alone, and must be a directory', () => {
    const folder = temporaryFolder();
    const made = prepareDataDirectory(path.join(folder, 'a', 'b'));
    assert.equal(statSync(made.path).mode & 0o777, 0o700);
    writeFileSync(path.join(folder, 'file'), '');
    assert.throws(() => prepareDataDirectory(path.join(folder, 'file')), { code: 'data-directory' });
    if (process.platform === 'linux')
      assert.throws(() => prepareDataDirectory('/proc/keyline/deep'), { code: 'data-directory' });
    rmSync(folder, { recursive: true });
  });
});

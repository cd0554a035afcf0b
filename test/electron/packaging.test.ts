/**
 * The package as electron-builder makes it, as far as that goes without Electron's runtime: its schema, what is inside,
 * and the fuses. In the runtime's place stands a small program with the fuse wire that @electron/fuses looks for.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { root } from '../standin/run-app.ts';

const require = createRequire(import.meta.url);
const { load } = require('js-yaml') as { load(text: string): Record<string, unknown> };
const { validateConfiguration } = require('app-builder-lib/out/util/config/config');
const { DebugLogger } = require('builder-util');

const readConfiguration = async () => load(await readFile(path.join(root, 'electron-builder.yml'), 'utf8'));
const validate = (configuration: object): Promise<void> =>
  validateConfiguration(configuration, new DebugLogger(false));

test("electron-builder's own schema accepts electron-builder.yml, and knows a wrong key", async () => {
  await validate(await readConfiguration());
  await assert.rejects(validate({ ...(await readConfiguration()), asarUnpak: [] }), /asarUnpak/);
});

test('every list of files names what it takes: a list of exclusions would ship the repository', async () => {
  const configuration = await readConfiguration();
  for (const part of [configuration, configuration.linux, configuration.win, configuration.mac]) {
    const { files } = part as { files: string[] };
    assert.equal(files[0], 'out/**');
  }
});

const skip = process.platform === 'linux' ? false : 'packs for Linux on Linux only';

test('a package holds the built files, the native parts of its system and nothing else; its fuses are set', {
  skip,
}, async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'keyline-package-'));
  try {
    const electronDist = path.join(directory, 'electron-dist');
    await fakeElectron(electronDist);
    const output = path.join(directory, 'dist');
    await promisify(execFile)(
      process.execPath,
      [
        path.join(root, 'node_modules/electron-builder/cli.js'),
        ...['--linux', 'dir', '--x64', '--publish', 'never'],
        `-c.electronDist=${electronDist}`,
        `-c.directories.output=${output}`,
      ],
      { cwd: root, timeout: 60_000 },
    );
    const unpacked = path.join(output, 'linux-unpacked');
    const resources = path.join(unpacked, 'resources');

    const inside = listPackage(path.join(resources, 'app.asar'), { isPack: false });
    const allowed = [
      /^\/(out|node_modules|package\.json)$/,
      /^\/out\/(main\.cjs|core\.cjs|preload\.cjs|cli\.mjs|audit-work\.cjs|backup\.cjs|backup-work\.cjs|batch-import\.cjs|device-search\.cjs|move-commits\.cjs|read-entries\.cjs|azure-identity\.mjs|verify\.html|renderer)$/,
      /^\/out\/renderer\/(index\.html|assets|assets\/[\w.-]+\.(js|css|woff2?|svg|png))$/,
      /^\/node_modules\/better-sqlite3(\/(LICENSE|README\.md|package\.json|lib|lib\/[\w./-]+\.js|lib\/methods))?$/,
      /^\/node_modules\/better-sqlite3\/prebuilds(\/linux-x64\.node)?$/,
      /^\/node_modules\/@napi-rs(\/keyring(\/(LICENSE|README\.md|package\.json|index\.js))?)?$/,
      /^\/node_modules\/@napi-rs\/keyring-linux-x64-gnu(\/(LICENSE\.third-party\.md|README\.md|package\.json|keyring\.linux-x64-gnu\.node))?$/,
    ];
    assert.deepEqual(
      inside.filter(file => !allowed.some(pattern => pattern.test(file))),
      [],
    );
    for (const needed of [
      '/node_modules/@napi-rs/keyring/index.js',
      '/out/audit-work.cjs',
      '/out/azure-identity.mjs',
      '/out/backup-work.cjs',
      '/out/backup.cjs',
      '/out/batch-import.cjs',
      '/out/device-search.cjs',
      '/out/move-commits.cjs',
      '/out/read-entries.cjs',
      '/out/verify.html',
      '/out/core.cjs',
      '/out/main.cjs',
      '/out/preload.cjs',
      '/out/renderer/index.html',
      '/package.json',
    ])
      assert.ok(inside.includes(needed), needed);
    assert.deepEqual(
      (await readdir(path.join(resources, 'app.asar.unpacked'), { recursive: true }))
        .filter(file => file.includes('.'))
        .sort(),
      [
        'node_modules/@napi-rs/keyring-linux-x64-gnu/keyring.linux-x64-gnu.node',
        'node_modules/better-sqlite3/prebuilds/linux-x64.node',
      ],
    );

    const { electronFuses } = (await readConfiguration()) as { electronFuses: Record<string, boolean> };
    const wire = await getCurrentFuseWire(path.join(unpacked, 'keyline'));
    const on = '1'.charCodeAt(0);
    for (const [name, wanted] of Object.entries(electronFuses)) {
      const option = FuseV1Options[(name[0]?.toUpperCase() + name.slice(1)) as keyof typeof FuseV1Options];
      assert.equal(wire[option] === on, wanted, name);
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

/** What electron-builder takes for Electron: an ELF program with a fuse wire (version 1, nine fuses) behind it. */
async function fakeElectron(directory: string): Promise<void> {
  await mkdir(path.join(directory, 'resources'), { recursive: true });
  await mkdir(path.join(directory, 'locales'));
  const program = path.join(directory, 'electron');
  await cp('/bin/true', program, { dereference: true });
  const wire = [
    Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
    Buffer.from([1, 9]),
    Buffer.from('101100010'),
  ];
  await writeFile(program, Buffer.concat([await readFile(program), ...wire]));
  await writeFile(path.join(directory, 'version'), require('electron/package.json').version);
  await writeFile(path.join(directory, 'LICENSE'), '');
}

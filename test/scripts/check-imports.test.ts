import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { checkImports } from '../../scripts/imports/check.ts';
import { apiInPage, fencedPackages, mayImport } from '../../scripts/imports/directions.ts';
import { readImports } from '../../scripts/imports/read-imports.ts';
import { rules } from '../../scripts/imports/rules.ts';
import { sourceFiles } from '../../scripts/imports/source-files.ts';

const root = path.resolve(import.meta.dirname, '../..');
const copy = mkdtempSync(path.join(tmpdir(), 'keyline-imports-'));
after(() => rmSync(copy, { recursive: true }));
for (const file of ['package.json', ...sourceFiles(root)]) {
  mkdirSync(path.join(copy, path.dirname(file)), { recursive: true });
  cpSync(path.join(root, file), path.join(copy, file));
}

/** A forbidden import: the file that gets it, what it imports, and the rule that has to notice. */
interface Plant {
  readonly file: string;
  readonly source: string;
  readonly rule: string;
}

function breach(rule: string, file: string, to: string, form = 'import'): Plant {
  const specifier = /^(src|db|electron|renderer|scripts|test)\//.test(to)
    ? toRelative(path.posix.relative(path.posix.dirname(file), to))
    : to;
  return { file, rule, source: `${form} '${specifier}';\n` };
}

function toRelative(specifier: string): string {
  return specifier.startsWith('.') ? specifier : `./${specifier}`;
}

/** A file to import from each part, none of which imports anything. */
const targets = Object.keys(mayImport).map(part => `${part}/planted-target.ts`);

function plants(): readonly Plant[] {
  const named = (start: string) => {
    const found = rules.find(({ name }) => name.startsWith(start));
    assert.ok(found, start);
    return found.name;
  };
  const directions = Object.entries(mayImport).flatMap(([part, allowed], index) =>
    targets
      .filter(target => ![part, ...allowed].some(place => target.startsWith(`${place}/`)))
      .map((target, at) =>
        breach(
          named(`${part} imports `),
          `${part}/planted-${index}-${at}.ts`,
          target,
          at % 2 === 0 ? 'import' : 'export type * from',
        ),
      ),
  );
  const fences = Object.keys(fencedPackages).map((name, index) => {
    const example = { '@orpc/': '@orpc/server/ws', 'azure-iot-': 'azure-iot-common' }[name] ?? name;
    // Where the wider fence of the same family lets it through.
    const file =
      name === 'azure-iot-provisioning-service' ? 'src/dps/exchange.ts' : `src/audit/fence-${index}.ts`;
    return breach(named(`${name} only in `), file, example);
  });
  const page = apiInPage[0] ?? '';
  return [
    ...directions.filter(({ rule }) => !/^test imports/.test(rule)),
    ...fences,
    breach(named('src/audit/verify does'), 'src/audit/verify/planted.ts', 'src/audit/export/planted.ts'),
    breach('a folder of src/ has a rule', 'src/planted/planted.ts', 'node:fs'),
    breach(named('renderer imports only what'), 'renderer/planted-page.ts', 'src/api/planted-target.ts'),
    breach(named('what of src/api runs'), page, 'src/api/planted-target.ts'),
    breach(named('a page imports no module'), 'renderer/planted-node.ts', 'node:fs'),
    breach('an imported file is there', 'db/planted-absent.ts', 'db/nowhere.ts'),
    breach(named('an imported package'), 'db/planted-package.ts', 'left-pad'),
  ];
}

test('each rule turns red by an import planted against it, and by nothing else in that file', () => {
  for (const file of [...targets, 'src/audit/export/planted.ts']) write(file, 'export type A = 1;\n');
  const planted = plants();
  for (const { file, source } of planted) write(file, source);
  const { problems } = checkImports(copy);
  for (const { file, rule } of planted) {
    const noticed = problems.filter(({ imports }) => imports.startsWith(`${file} -> `));
    assert.deepEqual(
      noticed.map(problem => problem.rule),
      [rule],
      file,
    );
  }
  const untried = rules.filter(({ name }) => !planted.some(({ rule }) => rule === name));
  assert.deepEqual(
    untried.map(({ name }) => name),
    ['test imports only src, db, electron, renderer, scripts'],
  );
});

test('a circle is found, also one of types only, with its whole way', () => {
  write('src/audit/circle-a.ts', "import type { B } from './circle-b.ts';\nexport type A = B;\n");
  write('src/audit/circle-b.ts', "import './circle-c.ts';\nexport type B = 1;\n");
  write('src/audit/circle-c.ts', "export type * from './circle-a.ts';\n");
  const found = checkImports(copy).problems.filter(({ rule }) => rule === 'no circle');
  assert.ok(
    found.some(
      ({ imports }) =>
        imports ===
        'src/audit/circle-a.ts -> src/audit/circle-b.ts -> src/audit/circle-c.ts -> src/audit/circle-a.ts',
    ),
    JSON.stringify(found),
  );
});

test('an import is seen in every form that the language has', () => {
  const forms: readonly [source: string, typeOnly: boolean][] = [
    ["import a from './x.ts';", false],
    ["import { type A } from './x.ts';", false],
    ["import type { A } from './x.ts';", true],
    ["export * from './x.ts';", false],
    ["export type { A } from './x.ts';", true],
    ["import a = require('./x.ts');", false],
    [
      "class C { static { void (async () => { using a = (await import('./x.ts')) satisfies object; }); } }",
      false,
    ],
    ["const a: Map<string, import('./x.ts').A> = new Map();", true],
    ["type A = typeof import('./x.ts');", true],
    ["const a = require('./x.ts');", false],
    ["new Worker(new URL('./x.ts', import.meta.url));", false],
  ];
  for (const [source, typeOnly] of forms) {
    write('src/audit/form.ts', source);
    assert.deepEqual(readImports(copy, 'src/audit/form.ts'), [{ specifier: './x.ts', typeOnly }], source);
  }
  write('src/audit/form.ts', 'import from;');
  assert.throws(() => readImports(copy, 'src/audit/form.ts'), /src\/audit\/form\.ts cannot be parsed/);
  rmSync(path.join(copy, 'src/audit/form.ts'));
});

test('the command that CI runs ends in failure and names rule and file', () => {
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'dir');
  write('db/planted-command.ts', "import '../src/audit/planted-target.ts';\n");
  const ended = spawnSync(process.execPath, ['scripts/check-imports.ts'], { cwd: copy, encoding: 'utf8' });
  assert.equal(ended.status, 1);
  assert.match(ended.stderr, /db imports no other part:\n {2}db\/planted-command\.ts -> src\/audit/);
});

test('the rules name files that are there', () => {
  const named = [...Object.values(mayImport), ...Object.values(fencedPackages), apiInPage].flat();
  for (const place of named.filter(name => !name.startsWith('scripts/bench'))) {
    assert.ok(existsSync(path.join(root, place)), place);
  }
});

function write(file: string, source: string): void {
  mkdirSync(path.join(copy, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(copy, file), source);
}

/** What `npm test` runs, in order: the cheap checks of the whole tree first, then the build, then the tests. */
import { existsSync, globSync, statSync } from 'node:fs';
import path from 'node:path';

export interface Stage {
  readonly name: string;
  /** Arguments for this Node. */
  readonly argv: readonly string[];
}

export class NoSuchTests extends Error {}

/** Checks that see the whole tree; left out when only some test files were asked for. */
const checks: readonly Stage[] = [
  { name: 'types', argv: ['node_modules/typescript/bin/tsc'] },
  { name: 'format and lint', argv: ['node_modules/@biomejs/biome/bin/biome', 'ci', '--log-level=warn', '.'] },
  { name: 'import directions', argv: ['scripts/check-imports.ts'] },
];

/**
 * @param words of the command line: files and folders of tests; what begins with `-` is Node's own
 * @throws NoSuchTests where a file or folder holds no test
 */
export function stages(root: string, words: readonly string[]): readonly Stage[] {
  const options = words.filter(word => word.startsWith('-'));
  const places = words.filter(word => !word.startsWith('-'));
  const files = testFiles(root, places.length > 0 ? places : ['test']);
  const build = [
    { name: 'build', argv: ['scripts/build.ts'] },
    { name: 'gallery', argv: ['test/renderer/gallery/build-gallery.ts'] },
  ].filter(({ argv }) => existsSync(path.join(root, argv[0]!)));
  const tests: Stage = {
    name: 'tests',
    argv: [
      '--test',
      // The tests mostly wait for a TPM, a server or a browser: three files at once also on two cores.
      '--test-concurrency=3',
      // A hanging test ends here and fails.
      '--test-timeout=300000',
      '--test-reporter=./scripts/test/reporter.ts',
      '--test-reporter-destination=stdout',
      ...options,
      ...files,
    ],
  };
  return places.length > 0 ? [...build, tests] : [...checks, ...build, tests];
}

function testFiles(root: string, places: readonly string[]): readonly string[] {
  return places.flatMap(place => {
    const at = path.resolve(root, place);
    const isFolder = existsSync(at) && statSync(at).isDirectory();
    const pattern = isFolder ? path.join(place, '**/*.test.ts') : place;
    const found = globSync(pattern, { cwd: root }).sort();
    if (found.length === 0) throw new NoSuchTests(`no test file at ${place}`);
    return found;
  });
}

/** Who imports whom: every import of every source file, resolved to a file of ours, a package, or Node itself. */
import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { readImports } from './read-imports.ts';

export interface Edge {
  readonly from: string;
  /** A path below root, the package's name with its subpath, or `node:fs`. */
  readonly to: string;
  readonly kind: 'file' | 'package' | 'node';
  readonly typeOnly: boolean;
  /** False for a file that is not there, and for a package that package.json does not name. */
  readonly known: boolean;
}

/** @param packages that package.json names */
export function importGraph(
  root: string,
  files: readonly string[],
  packages: ReadonlySet<string>,
): readonly Edge[] {
  return files.flatMap(from =>
    readImports(root, from).map(({ specifier, typeOnly }): Edge => {
      if (/^[./]/.test(specifier)) {
        const to = path.posix.join(path.posix.dirname(from), specifier.replace(/[?#].*$/, ''));
        return { from, to, kind: 'file', typeOnly, known: existsSync(path.join(root, to)) };
      }
      if (isBuiltin(specifier)) return { from, to: specifier, kind: 'node', typeOnly, known: true };
      const known = packages.has(packageName(specifier));
      return { from, to: specifier, kind: 'package', typeOnly, known };
    }),
  );
}

/** `@orpc/server/ws` -> `@orpc/server`. */
function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

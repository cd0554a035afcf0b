/** Holds every source file of a checkout to the rules. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { circles } from './circles.ts';
import { importGraph } from './graph.ts';
import { rules } from './rules.ts';
import { sourceFiles } from './source-files.ts';

export interface ImportReport {
  readonly files: number;
  readonly imports: number;
  readonly problems: readonly Problem[];
}

export interface Problem {
  readonly rule: string;
  /** `src/tcti/a.ts -> src/tpm/b.ts` */
  readonly imports: string;
}

export function checkImports(root: string): ImportReport {
  const files = sourceFiles(root);
  const edges = importGraph(root, files, packagesOf(root));
  const broken = rules.flatMap(rule =>
    edges
      .filter(edge => rule.isBrokenBy(edge))
      .map(({ from, to }): Problem => ({ rule: rule.name, imports: `${from} -> ${to}` })),
  );
  const round = circles(edges).map(
    (files): Problem => ({ rule: 'no circle', imports: [...files, files[0]].join(' -> ') }),
  );
  return { files: files.length, imports: edges.length, problems: [...broken, ...round] };
}

function packagesOf(root: string): ReadonlySet<string> {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return new Set(Object.keys({ ...dependencies, ...devDependencies }));
}

/** Files that import each other in a circle, type-only imports included. */
import type { Edge } from './graph.ts';

/** One circle for each import that closes one, as its files in order: [a, b, c] where c imports a. */
export function circles(edges: readonly Edge[]): readonly (readonly string[])[] {
  const imports = new Map<string, string[]>();
  for (const { from, to, kind } of edges) {
    if (kind === 'file') imports.set(from, [...(imports.get(from) ?? []), to]);
  }
  const found: (readonly string[])[] = [];
  const done = new Set<string>();
  const route: string[] = [];
  const visit = (file: string): void => {
    const at = route.indexOf(file);
    if (at >= 0) found.push(route.slice(at));
    if (at >= 0 || done.has(file)) return;
    route.push(file);
    for (const next of imports.get(file) ?? []) visit(next);
    route.pop();
    done.add(file);
  };
  for (const file of imports.keys()) visit(file);
  return found;
}

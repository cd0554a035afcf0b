/** The files whose imports are checked: everything of ours that can import. */
import { globSync } from 'node:fs';
import path from 'node:path';

const folders = ['src', 'db', 'electron', 'renderer', 'scripts', 'test'];

/** Paths below root with forward slashes, sorted. */
export function sourceFiles(root: string): readonly string[] {
  return folders
    .flatMap(folder => globSync(`${folder}/**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}`, { cwd: root }))
    .map(file => file.split(path.sep).join('/'))
    .filter(file => !file.includes('/fixtures/'))
    .sort();
}

/** The directions of `directions.ts` as rules on one import. */
import { apiInPage, fencedPackages, mayImport, strangers } from './directions.ts';
import type { Edge } from './graph.ts';

export interface Rule {
  readonly name: string;
  readonly isBrokenBy: (edge: Edge) => boolean;
}

/** Whether a file is the place itself or lies in it. */
function isIn(file: string, places: readonly string[]): boolean {
  return places.some(place => file === place || file.startsWith(`${place}/`));
}

const directions = Object.entries(mayImport).map(
  ([part, allowed]): Rule => ({
    name: `${part} imports ${allowed.length === 0 ? 'no other part' : `only ${allowed.join(', ')}`}`,
    isBrokenBy: ({ from, to, kind }) =>
      kind === 'file' &&
      isIn(from, [part]) &&
      isIn(to, ['src', 'db', 'electron', 'renderer', 'scripts', 'test']) &&
      !isIn(to, [part, ...allowed]),
  }),
);

const fences = Object.entries(fencedPackages).map(
  ([packageName, places]): Rule => ({
    name: `${packageName} only in ${places.join(', ')}`,
    isBrokenBy: ({ from, to, kind }) => {
      if (kind !== 'package' || isIn(from, places)) return false;
      // `@orpc/` and `azure-iot-` fence in every package that begins so; `react` also react-dom and react-i18next.
      return /[/-]$/.test(packageName)
        ? to.startsWith(packageName)
        : isIn(to, [packageName]) || to.startsWith(`${packageName}-`);
    },
  }),
);

const apart = strangers.map(
  ({ from, to }): Rule => ({
    name: `${from} does not import ${to}`,
    isBrokenBy: edge => edge.kind === 'file' && isIn(edge.from, [from]) && isIn(edge.to, [to]),
  }),
);

export const rules: readonly Rule[] = [
  ...directions,
  ...fences,
  ...apart,
  {
    name: 'a folder of src/ has a rule',
    isBrokenBy: ({ from }) => isIn(from, ['src']) && !isIn(from, Object.keys(mayImport)),
  },
  {
    name: 'renderer imports only what of src/api runs in a page',
    isBrokenBy: ({ from, to }) => isIn(from, ['renderer']) && isIn(to, ['src/api']) && !isIn(to, apiInPage),
  },
  {
    name: 'what of src/api runs in a page imports no other file except as types',
    isBrokenBy: ({ from, to, kind, typeOnly }) =>
      kind === 'file' && isIn(from, apiInPage) && !typeOnly && !isIn(to, apiInPage),
  },
  {
    name: 'a page imports no module of Node',
    isBrokenBy: ({ from, kind }) => kind === 'node' && isIn(from, ['renderer', ...apiInPage]),
  },
  { name: 'an imported file is there', isBrokenBy: ({ kind, known }) => kind === 'file' && !known },
  {
    name: 'an imported package is named in package.json',
    isBrokenBy: ({ kind, known }) => kind === 'package' && !known,
  },
];

/** How large the built screen is: what a window must read before it can paint anything. Fonts come later, as they are needed. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

export interface Size {
  /** Kilobytes (1,000 bytes), as they lie there and by gzip: the host sends them as they lie there. */
  readonly kilobytes: number;
  readonly gzipped: number;
}

/** What a commit may make of it without somebody deciding so: some per cent above what it is. In kilobytes. */
export const sizeLimits: { readonly [part in 'script' | 'style']: Size } = {
  script: { kilobytes: 820, gzipped: 250 },
  style: { kilobytes: 160, gzipped: 45 },
};

/** @param rendererDir the built screen; throws where it is not built */
export function screenSize(rendererDir: string): { readonly script: Size; readonly style: Size } {
  const assets = path.join(rendererDir, 'assets');
  const sizeOf = (extension: string): Size => {
    const files = readdirSync(assets).filter(name => path.extname(name) === extension);
    const contents = files.map(name => readFileSync(path.join(assets, name)));
    const sum = (sizes: readonly number[]) => Math.round(sizes.reduce((all, one) => all + one, 0) / 1000);
    return {
      kilobytes: sum(contents.map(({ length }) => length)),
      gzipped: sum(contents.map(content => gzipSync(content).length)),
    };
  };
  return { script: sizeOf('.js'), style: sizeOf('.css') };
}

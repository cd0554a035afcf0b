/** What a window reads before its first paint does not creep: whoever makes it larger than this decides so, in screen-size.ts. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { screenSize, sizeLimits } from '../../scripts/bench/screen-size.ts';

const rendererDir = path.resolve(import.meta.dirname, '../../out/renderer');

test('script and style of the built screen stay within their limits, raw and gzipped', {
  skip: !existsSync(rendererDir) && 'needs the built screen: npm run build',
}, () => {
  const { script, style } = screenSize(rendererDir);
  for (const [name, size] of Object.entries({ script, style }) as ['script' | 'style', typeof script][]) {
    const limit = sizeLimits[name];
    assert.ok(size.kilobytes > 50, `${name}: something was measured`);
    assert.ok(size.kilobytes <= limit.kilobytes, `${name}: ${size.kilobytes} of ${limit.kilobytes} kB`);
    assert.ok(size.gzipped <= limit.gzipped, `${name}: ${size.gzipped} of ${limit.gzipped} kB gzipped`);
  }
});

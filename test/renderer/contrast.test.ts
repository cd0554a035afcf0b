import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { contrast, oklchToSrgb, type Rgb } from './oklch.ts';

/** Foreground, grounds it stands on, and what WCAG 2.2 AA asks: 4.5 for text, 3 for large text and graphics. */
const pairs: readonly (readonly [foreground: string, grounds: readonly string[], least: number])[] = [
  ['text', ['ground', 'surface', 'raised'], 4.5],
  ['text-quiet', ['ground', 'surface', 'raised'], 4.5],
  ['on-verdict', ['pass', 'fail', 'pass-press', 'fail-press'], 4.5],
  ['on-attention', ['attention', 'attention-press', 'attention-stripe'], 4.5],
  ['busy', ['ground', 'surface', 'raised'], 4.5],
  ['good', ['ground', 'surface'], 4.5],
  ['warn', ['ground', 'surface'], 4.5],
  ['bad', ['ground', 'surface'], 4.5],
  ['edge', ['ground', 'surface', 'raised'], 3],
  ['focus', ['ground', 'surface', 'raised'], 3],
];
const themes = ['light', 'dark'] as const;
/** Drawn as decoration, or translucent: never text, never the only sign of anything. */
const unpaired = new Set(['line', 'scrim']);

const tokens = readTokens(readFileSync(new URL('../../renderer/design/tokens.css', import.meta.url), 'utf8'));

function readTokens(css: string): Map<string, Record<(typeof themes)[number], string>> {
  const colour = String.raw`oklch\([^)]+\)`;
  const declaration = new RegExp(
    String.raw`--([a-z-]+):\s*(?:light-dark\((${colour}),\s*(${colour})\)|(${colour}));`,
    'g',
  );
  const found = new Map<string, Record<(typeof themes)[number], string>>();
  for (const [, name, light, dark, both] of css.matchAll(declaration))
    found.set(name!, { light: light ?? both!, dark: dark ?? both! });
  return found;
}

function colour(name: string, theme: (typeof themes)[number]): Rgb {
  const token = tokens.get(name);
  assert.ok(token, `--${name} is no colour token`);
  return oklchToSrgb(token[theme]);
}

describe('oklchToSrgb', () => {
  for (const [text, hex] of [
    ['oklch(0.627955 0.257683 29.2339)', 'ff0000'],
    ['oklch(0.86644 0.294827 142.4953)', '00ff00'],
    ['oklch(0.452014 0.313214 264.052)', '0000ff'],
    ['oklch(1 0 0)', 'ffffff'],
    ['oklch(0 0 0)', '000000'],
  ] as const)
    test(`${text} is #${hex}`, () => {
      const { r, g, b } = oklchToSrgb(text);
      const bytes = [r, g, b].map(part => Math.abs(Math.round(part * 255)));
      assert.deepEqual(bytes, [...Buffer.from(hex, 'hex')]);
    });

  test('black on white is 21:1', () => {
    assert.equal(Math.round(contrast({ r: 0, g: 0, b: 0 }, { r: 1, g: 1, b: 1 }) * 100) / 100, 21);
  });
});

describe('colour tokens', () => {
  for (const theme of themes)
    for (const [foreground, grounds, least] of pairs)
      for (const ground of grounds)
        test(`${theme}: --${foreground} on --${ground} has at least ${least}:1`, () => {
          const ratio = contrast(colour(foreground, theme), colour(ground, theme));
          assert.ok(ratio >= least, `${ratio.toFixed(2)}:1`);
        });

  test('every colour token is in a tested pair', () => {
    const tested = new Set([
      ...unpaired,
      ...pairs.flatMap(([foreground, grounds]) => [foreground, ...grounds]),
    ]);
    assert.deepEqual(
      [...tokens.keys()].filter(name => !tested.has(name)),
      [],
    );
  });

  test('every opaque token is a colour that sRGB has, so that no screen shows another one', () => {
    for (const [name, sides] of tokens)
      for (const theme of themes) {
        if (sides[theme].includes('/')) continue;
        for (const part of Object.values(oklchToSrgb(sides[theme])))
          assert.ok(part >= -0.002 && part <= 1.002, `--${name} ${theme}: ${part}`);
      }
  });
});

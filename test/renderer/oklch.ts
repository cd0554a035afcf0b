/**
 * OKLCH to sRGB and the contrast ratio, after CSS Color 4 (§10, sample code for OKLab) and WCAG 2.2 (relative luminance).
 * Checked by vectors of that specification in contrast.test.ts, and against Chromium in station-screen.test.ts.
 */
export interface Rgb {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

/** `oklch(L C H)` without alpha to gamma-encoded sRGB, 0..1; outside of 0..1 where sRGB has no such colour. */
export function oklchToSrgb(text: string): Rgb {
  const parts = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(text.trim());
  if (!parts) throw new Error(`not an opaque oklch() colour: ${text}`);
  const [lightness, chroma, hue] = parts.slice(1, 4).map(Number) as [number, number, number];
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377773761749 * a + 0.2158037573099136 * b) ** 3;
  const m = (lightness - 0.1055613458156586 * a - 0.0638541728258133 * b) ** 3;
  const s = (lightness - 0.0894841775298119 * a - 1.2914855480194092 * b) ** 3;
  return {
    r: encode(4.0767416360759574 * l - 3.3077115392580616 * m + 0.2309699031821044 * s),
    g: encode(-1.2684379732850317 * l + 2.6097573492876887 * m - 0.3413193760026573 * s),
    b: encode(-0.0041960761386756 * l - 0.7034186179359362 * m + 1.7076146940746117 * s),
  };
}

/** WCAG 2.2: (lighter + 0.05) / (darker + 0.05), 1..21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance({ r, g, b }: Rgb): number {
  return 0.2126 * decode(r) + 0.7152 * decode(g) + 0.0722 * decode(b);
}

function encode(linear: number): number {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
}

function decode(encoded: number): number {
  const value = Math.min(1, Math.max(0, encoded));
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

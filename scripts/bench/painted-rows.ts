/**
 * Whether a picture of the long table shows a row wherever one is due: the column of serials must hold ink at least once in
 * every row's height. The judge is a page of the browser that painted the frames, which can read their pictures.
 */
import type { Page } from 'playwright';

/** CSS pixels of the window: where rows are painted, where in them serials are, and how high a row is. */
export interface RowsInFrame {
  readonly viewportWidth: number;
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
  readonly rowHeight: number;
}

const AT_ONCE = 25;

/** @param frames pictures in base64. @returns of each frame, how many rows in sight are blank */
export async function judgeFrames(
  judge: Page,
  frames: readonly string[],
  rows: RowsInFrame,
): Promise<readonly number[]> {
  const blank: number[] = [];
  for (let from = 0; from < frames.length; from += AT_ONCE)
    blank.push(
      ...(await judge.evaluate(countBlankRows, { frames: frames.slice(from, from + AT_ONCE), rows })),
    );
  return blank;
}

/** Runs in the page. */
async function countBlankRows(of: {
  readonly frames: readonly string[];
  readonly rows: RowsInFrame;
}): Promise<number[]> {
  /** Of 255: letters are darker or lighter than what is behind them by more, lines between rows by less. */
  const INK = 60;
  const { rows } = of;
  const counts: number[] = [];
  for (const frame of of.frames) {
    const bytes = Uint8Array.from(atob(frame), character => character.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
    const scale = picture.width / rows.viewportWidth;
    const left = Math.round(rows.left * scale);
    const top = Math.ceil(rows.top * scale);
    const width = Math.max(Math.round((rows.right - rows.left) * scale), 1);
    const height = Math.min(Math.floor(rows.bottom * scale), picture.height) - top;
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext('2d')!;
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(left, top, width, height);
    const light = (x: number, y: number) => {
      const at = 4 * (y * width + x);
      return 0.3 * data[at]! + 0.59 * data[at + 1]! + 0.11 * data[at + 2]!;
    };
    let blank = 0;
    let empty = 0;
    for (let y = 0; y < height; y += 1) {
      let darkest = 255;
      let lightest = 0;
      for (let x = 0; x < width; x += 1) {
        darkest = Math.min(darkest, light(x, y));
        lightest = Math.max(lightest, light(x, y));
      }
      empty = lightest - darkest > INK ? 0 : empty + 1;
      // Beyond its own height without a letter, a row is missing; two heights, two rows.
      if (empty > rows.rowHeight * scale) {
        blank += 1;
        empty = 0;
      }
    }
    counts.push(blank);
  }
  return counts;
}

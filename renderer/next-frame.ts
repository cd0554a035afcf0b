/** When the page draws next. A window that nobody sees has no frames, and its sounds and its lock wait for none. */

/** Milliseconds: longer than a busy page takes for a frame. */
const withoutFrames = 250;

/** Calls `show` once: in the next frame, before it is painted. */
export function atNextFrame(show: () => void): void {
  const once = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    show();
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, withoutFrames);
}

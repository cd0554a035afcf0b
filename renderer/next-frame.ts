/**
 * When the page draws next. What goes on by itself is shown about thirty times a second at most, so that sixteen fixtures at
 * work do not have the page draw all the time; what somebody waits for in the next frame.
 * A window that nobody sees has no frames, and its sounds and its lock wait for none.
 */

/** Milliseconds: longer than a busy page takes for a frame. */
const withoutFrames = 250;
/** Milliseconds between two pictures of what goes on by itself: every other frame of a usual display. */
const restFor = 25;

/** Of the last frame that showed something, as the page counts its frames' time. */
let shownAt = Number.NEGATIVE_INFINITY;

/** Calls `show` once, in a frame and before it is painted. Gives the way out. */
export function atNextFrame(show: () => void, isAwaited: boolean): () => void {
  let frame = 0;
  const leave = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  const inFrame = (at: number) => {
    if (!isAwaited && at - shownAt < restFor) {
      frame = requestAnimationFrame(inFrame);
      return;
    }
    leave();
    shownAt = at;
    show();
  };
  const timer = setTimeout(() => {
    leave();
    show();
  }, withoutFrames);
  frame = requestAnimationFrame(inFrame);
  return leave;
}

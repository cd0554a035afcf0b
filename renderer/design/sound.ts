/**
 * One tone per verdict, told apart without looking: high and short for pass, low and double for fail, middle and long for
 * stop. Several verdicts of a kind within a moment sound once. Browsers allow sound only after the first touch or key.
 */
export type Tone = 'pass' | 'fail' | 'stop';

/** Hertz, and the start and length of each beat in seconds. */
const tones: Readonly<
  Record<Tone, { hertz: number; beats: readonly (readonly [start: number, length: number])[] }>
> = {
  pass: { hertz: 1047, beats: [[0, 0.12]] },
  fail: {
    hertz: 262,
    beats: [
      [0, 0.16],
      [0.24, 0.16],
    ],
  },
  stop: { hertz: 523, beats: [[0, 0.45]] },
};
const together = 300;

let context: AudioContext | undefined;
const lastPlayed = new Map<Tone, number>();

/** Silent where the page may not sound yet. */
export function play(tone: Tone): void {
  const now = performance.now();
  if (now - (lastPlayed.get(tone) ?? Number.NEGATIVE_INFINITY) < together) return;
  lastPlayed.set(tone, now);
  // Before the first touch or key an AudioContext is refused with a console warning; sticky activation tells.
  if (!navigator.userActivation.hasBeenActive) return;
  context ??= new AudioContext();
  if (context.state === 'suspended') void context.resume();
  const { hertz, beats } = tones[tone];
  for (const [start, length] of beats) beat(context, hertz, context.currentTime + start, length);
}

function beat(audio: AudioContext, hertz: number, at: number, length: number): void {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.type = 'triangle';
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.5, at + 0.01);
  gain.gain.setValueAtTime(0.5, at + length - 0.03);
  gain.gain.linearRampToValueAtTime(0, at + length);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + length);
}

/**
 * `npm run demo`: the main job on embedded parts, nothing of it kept. With a display it opens the kiosk; `--headless`, or
 * without a display, it runs the whole job by itself and ends with 0 only when all of it held.
 */
import { runHeadless } from './demo/headless.ts';
import { runOnScreen } from './demo/on-screen.ts';
import { startVirtualLine } from './demo/virtual-line.ts';

const FIXTURES = 4;

const say = (text: string) => void process.stdout.write(`${text}\n`);
const display = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
const asked = process.argv.slice(2);
if (asked.some(argument => argument !== '--headless')) {
  process.stderr.write('usage: npm run demo [-- --headless]\n');
  process.exit(2);
}
const headless = asked.includes('--headless') || !display;
if (headless && !asked.includes('--headless'))
  say('There is no display here: the demo runs without the kiosk.');

say(`making ${FIXTURES} virtual boards with software TPMs, a demo CA and a DPS emulator`);
const line = await startVirtualLine(FIXTURES);
// Signals end the demo in order: nothing stays running or on the disk.
let ending: Promise<void> | undefined;
const end = () => (ending ??= line.stop());
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    if (headless) void end().then(() => process.exit(1));
  });
try {
  if (headless) await runHeadless(line, say);
  else process.exitCode = await runOnScreen(line, say);
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(`demo: ${error instanceof Error ? error.message : error}\n`);
} finally {
  await end();
}

/**
 * The keys that would lead out of the screen or change it. Everything else reaches the page, Ctrl+] among it: that is
 * how a scanner types the group separator of GS1. Keys of the system (Ctrl+Alt+Del, Alt+Tab) never come here.
 */
import type { Input } from 'electron';

const withCommand = new Set([
  ...[
    'KeyF',
    'KeyG',
    'KeyH',
    'KeyJ',
    'KeyM',
    'KeyN',
    'KeyO',
    'KeyP',
    'KeyQ',
    'KeyR',
    'KeyS',
    'KeyT',
    'KeyU',
    'KeyW',
  ],
  ...['Equal', 'Minus', 'Digit0', 'NumpadAdd', 'NumpadSubtract', 'Numpad0'],
]);
const withCommandAndShift = new Set(['KeyC', 'KeyI', 'KeyK']);
const withAlt = new Set(['F4', 'ArrowLeft', 'ArrowRight', 'Home']);
const alone = new Set(['F3', 'F5', 'F7', 'F11', 'F12', 'BrowserBack', 'BrowserForward', 'BrowserRefresh']);

export function leavesScreen(input: Pick<Input, 'code' | 'control' | 'meta' | 'shift' | 'alt'>): boolean {
  const command = input.control || input.meta;
  return (
    alone.has(input.code) ||
    (command && (withCommand.has(input.code) || (input.shift && withCommandAndShift.has(input.code)))) ||
    (input.alt && withAlt.has(input.code))
  );
}

/** Entry of the window: theme and language first, then the session with the station, then React. */
import { connectWindow } from '../src/api/connect-window.ts';
import { openSession } from '../src/api/session.ts';
import { applyStoredTheme } from './design/theme.ts';
import { startLanguages } from './messages/i18n.ts';
import { atNextFrame } from './next-frame.ts';
import { signInKeeper, storedLanguage } from './preferences.ts';
import { startScreens } from './start-screens.tsx';

applyStoredTheme();
await startLanguages(storedLanguage() ?? 'en');
const session = openSession(() => connectWindow(window), {
  secret: signInKeeper,
  showLater: atNextFrame,
});
startScreens(session);

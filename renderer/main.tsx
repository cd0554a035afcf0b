/** Entry of the window: theme and language first, then the session with the station, then React. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connectWindow } from '../src/api/connect-window.ts';
import { openSession } from '../src/api/session.ts';
import { App } from './app.tsx';
import { applyStoredTheme } from './design/theme.ts';
import { startLanguages } from './messages/i18n.ts';
import { atNextFrame } from './next-frame.ts';
import { signInKeeper, storedLanguage } from './preferences.ts';

applyStoredTheme();
await startLanguages(storedLanguage() ?? 'en');
const session = openSession(() => connectWindow(window), {
  secret: signInKeeper,
  showLater: atNextFrame,
});
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App session={session} />
  </StrictMode>,
);

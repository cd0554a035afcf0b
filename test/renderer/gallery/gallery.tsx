/** The gallery's page: the real App on a fake session. `#count` picks a scene; tests reach it as `window.gallery`. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '../../../renderer/app.tsx';
import { applyStoredTheme } from '../../../renderer/design/theme.ts';
import { startLanguages } from '../../../renderer/messages/i18n.ts';
import { storedLanguage } from '../../../renderer/preferences.ts';
import { type FakeSession, fakeSession } from './fake-session.ts';
import { everyStateOf } from './scenes.ts';

declare global {
  interface Window {
    gallery: FakeSession;
  }
}

applyStoredTheme();
await startLanguages(storedLanguage() ?? 'en');
const scene = () => everyStateOf(Math.min(32, Number(location.hash.slice(1)) || 4));
window.gallery = fakeSession(scene());
window.addEventListener('hashchange', () => window.gallery.show(scene()));
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App session={window.gallery} />
  </StrictMode>,
);

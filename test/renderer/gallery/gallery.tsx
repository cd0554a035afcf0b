/** The gallery's page: the real App on a fake session. `#count` picks a scene; tests reach it as `window.gallery`. */

import i18next from 'i18next';
import { applyStoredTheme } from '../../../renderer/design/theme.ts';
import { en } from '../../../renderer/messages/en.ts';
import { startLanguages } from '../../../renderer/messages/i18n.ts';
import { storedLanguage } from '../../../renderer/preferences.ts';
import { startScreens } from '../../../renderer/start-screens.tsx';
import { type FakeSession, fakeSession } from './fake-session.ts';
import { pseudoCatalogue, pseudoLanguage } from './pseudo-language.ts';
import { everyStateOf } from './scenes.ts';

declare global {
  interface Window {
    gallery: FakeSession;
  }
}

applyStoredTheme();
await startLanguages(storedLanguage() ?? 'en');
i18next.addResourceBundle(pseudoLanguage, 'translation', pseudoCatalogue(en));
if (storedLanguage() === pseudoLanguage) await i18next.changeLanguage(pseudoLanguage);
const scene = () => everyStateOf(Math.min(32, Number(location.hash.slice(1)) || 4));
window.gallery = fakeSession(scene());
window.addEventListener('hashchange', () => window.gallery.show(scene()));
startScreens(window.gallery);

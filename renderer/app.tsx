/** The whole of the window: nothing before the first picture, then the frame with its screens, or why the station is stopped. */
// Before any component, so that what a component says of itself comes later and holds.
import './design/fonts.css';
import './design/tokens.css';
import './design/base.css';
import './parts/button.css';

import { useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../src/api/session.ts';
import { Frame } from './frame/frame.tsx';
import { storedLanguage } from './preferences.ts';
import { StopPage } from './stop/stop-page.tsx';

import './app.css';

export function App({ session }: { session: Session }) {
  const { link, view, stop } = useSyncExternalStore(session.subscribe, session.state);
  const { t, i18n } = useTranslation();
  const language = view?.station.language ?? stop?.language;
  useEffect(() => {
    if (language && !storedLanguage()) void i18n.changeLanguage(language);
  }, [language, i18n]);
  if (stop) return <StopPage session={session} stop={stop} lost={link === 'lost'} />;
  if (!view) return <p className="waiting">{t('connecting')}</p>;
  return <Frame session={session} view={view} lost={link === 'lost'} />;
}

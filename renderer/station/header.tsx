/** Where you are, what is made here, the one start for all, and the time. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { StationView } from '../../src/api/contract.ts';
import { useTheme } from '../design/theme.ts';
import { useFormat } from '../messages/format.ts';
import { languageAfter, languages } from '../messages/i18n.ts';
import { Moon, SoundOff, SoundOn, Sun } from '../parts/symbols.tsx';
import { storeLanguage } from '../preferences.ts';
import { useNow } from './use-now.ts';
import './header.css';

interface HeaderProps {
  readonly station: StationView['station'];
  readonly canStart: boolean;
  readonly onStartAll: () => void;
  readonly sound: boolean;
  readonly onSound: () => void;
  /** Words that come and go: they stand beside the place's name, so that nothing moves or is hidden. */
  readonly children: ReactNode;
}

export function Header({ station, canStart, onStartAll, sound, onSound, children }: HeaderProps) {
  const { t } = useTranslation();
  return (
    <header className="header">
      <div className="header-place">
        <h1>
          {station.line} · {station.name}
        </h1>
        <p>{station.product}</p>
      </div>
      <div className="bands">{children}</div>
      <div className="header-switches">
        <LanguageSwitch />
        <ThemeSwitch />
        <button
          type="button"
          className="button button-bare"
          aria-label={t(sound ? 'header/soundOn' : 'header/soundOff')}
          onClick={onSound}
        >
          {sound ? <SoundOn className="switch-symbol" /> : <SoundOff className="switch-symbol" />}
        </button>
      </div>
      <button type="button" className="button button-main" disabled={!canStart} onClick={onStartAll}>
        {t('header/startAll')} <kbd>F1</kbd>
      </button>
      <Clock />
    </header>
  );
}

function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const next = languageAfter(i18n.language);
  const turn = () => {
    storeLanguage(next);
    void i18n.changeLanguage(next);
  };
  return (
    <button type="button" className="button button-bare" onClick={turn}>
      <span lang={next}>{languages.get(next)!.language.short}</span>
      <span className="unseen">{t('header/language', { name: languages.get(next)!.language.name })}</span>
    </button>
  );
}

function ThemeSwitch() {
  const { t } = useTranslation();
  const [theme, turn] = useTheme();
  return (
    <button
      type="button"
      className="button button-bare"
      aria-label={t(theme === 'dark' ? 'header/light' : 'header/dark')}
      onClick={turn}
    >
      {theme === 'dark' ? <Sun className="switch-symbol" /> : <Moon className="switch-symbol" />}
    </button>
  );
}

function Clock() {
  const format = useFormat();
  const now = useNow(1000);
  return (
    <time className="header-clock figures" dateTime={new Date(now).toISOString()}>
      {format.clock(now)}
    </time>
  );
}

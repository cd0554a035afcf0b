/** What is on every screen and belongs to the window alone: the language and the theme. */
import { type MouseEvent, memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useTheme } from '../design/theme.ts';
import { languageAfter, languages } from '../messages/i18n.ts';
import { Moon, Sun } from '../parts/symbols.tsx';
import { storeLanguage } from '../preferences.ts';

/** A touch or a click leaves the focus where it was: the next Enter is for the screen. Tab comes here as to any button. */
export const leaveFocus = (event: MouseEvent) => event.preventDefault();

export const LanguageSwitch = memo(function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const next = languageAfter(i18n.language);
  const turn = () => {
    storeLanguage(next);
    void i18n.changeLanguage(next);
  };
  return (
    <button type="button" className="button button-bare" onMouseDown={leaveFocus} onClick={turn}>
      <span lang={next}>{languages.get(next)!.language.short}</span>
      <span className="unseen">{t('header/language', { name: languages.get(next)!.language.name })}</span>
    </button>
  );
});

export const ThemeSwitch = memo(function ThemeSwitch() {
  const { t } = useTranslation();
  const [theme, turn] = useTheme();
  return (
    <button
      type="button"
      className="button button-bare"
      aria-label={t(theme === 'dark' ? 'header/light' : 'header/dark')}
      onMouseDown={leaveFocus}
      onClick={turn}
    >
      {theme === 'dark' ? <Sun className="switch-symbol" /> : <Moon className="switch-symbol" />}
    </button>
  );
});

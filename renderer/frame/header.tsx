/** Where you are and the way to elsewhere, what this screen starts, who is here, and the time; on a locked window: how to open it. */
import { memo, type ReactNode, useCallback, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { StationView, WhoView } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';
import { Lock, Places, SoundOff, SoundOn } from '../parts/symbols.tsx';
import { useNow } from '../station/use-now.ts';
import type { HeaderPlaces } from './in-header.tsx';
import type { Screen } from './screen.ts';
import { LanguageSwitch, leaveFocus, ThemeSwitch } from './switches.tsx';
import './header.css';

interface HeaderProps {
  readonly station: StationView['station'];
  readonly product: string;
  readonly who: WhoView | undefined;
  readonly screen: Screen['id'];
  readonly onMenu: () => void;
  readonly onPerson: () => void;
  readonly onSignIn: () => void;
  readonly sound: boolean;
  readonly onSound: () => void;
  /** Where the screen puts its own actions and words. */
  readonly onPlaces: (places: HeaderPlaces) => void;
  /** Words that come and go: they stand beside the place's name, so that nothing moves or is hidden. */
  readonly children: ReactNode;
}

export function Header({ station, product, who, screen, onPlaces, children, ...on }: HeaderProps) {
  const { t } = useTranslation();
  const locked = who?.state === 'locked';
  const places = useRef<HeaderPlaces>({ actions: null, words: null, work: null });
  const take = useCallback(
    (found: Partial<HeaderPlaces>) => {
      places.current = { ...places.current, ...found };
      onPlaces(places.current);
    },
    [onPlaces],
  );
  const takeActions = useCallback((actions: HTMLElement | null) => take({ actions }), [take]);
  const takeWords = useCallback((words: HTMLElement | null) => take({ words }), [take]);
  const takeWork = useCallback((work: HTMLElement | null) => take({ work }), [take]);
  const title = `${station.line} · ${station.name}`;
  return (
    <header className="header" data-locked={locked || undefined}>
      <h1 className="header-place">
        <button type="button" disabled={locked} aria-haspopup="dialog" onClick={on.onMenu}>
          <span className="header-title">{title}</span>
          <span className="header-here">
            {!locked && <Places className="header-places" />}
            <b>{t(`screens/${screen}/title`)}</b> · {product}
          </span>
          <span className="unseen">{t('menu/open')}</span>
        </button>
      </h1>
      <div className="header-work" ref={takeWork} hidden={locked} />
      <div className="bands">
        {children}
        <div className="bands-screen" ref={takeWords} />
      </div>
      {locked && (
        <div className="header-lock">
          <Lock className="lock-symbol" />
          <p className="lock-words">
            <strong>{t('lock/title')}</strong> · <span>{t('lock/do')}</span>
          </p>
          <button type="button" className="button" onClick={on.onSignIn}>
            {t('lock/signIn')} <kbd>Enter</kbd>
          </button>
        </div>
      )}
      <div className="header-switches">
        <LanguageSwitch />
        <ThemeSwitch />
        <button
          type="button"
          className="button button-bare"
          aria-label={t(on.sound ? 'header/soundOn' : 'header/soundOff')}
          onMouseDown={leaveFocus}
          onClick={on.onSound}
        >
          {on.sound ? <SoundOn className="switch-symbol" /> : <SoundOff className="switch-symbol" />}
        </button>
      </div>
      <div className="header-actions" ref={takeActions} hidden={locked} />
      <Person who={who} rehearsal={station.rehearsal} onOpen={on.onPerson} />
      <Clock />
    </header>
  );
}

/** Who is signed in; in production also that nobody is asked to. */
function Person({
  who,
  rehearsal,
  onOpen,
}: {
  who: WhoView | undefined;
  rehearsal: boolean;
  onOpen: () => void;
}) {
  const { t } = useTranslation();
  if (who?.state === 'locked' || (!who && rehearsal)) return null;
  if (!who)
    return (
      <button type="button" className="button header-person" onClick={onOpen}>
        {t('first/none')}
      </button>
    );
  const role = t(`role/${who.proof === 'badge' ? 'operator' : who.role}`);
  return (
    <button type="button" className="button header-person" aria-haspopup="dialog" onClick={onOpen}>
      <span className="person-sign" aria-hidden="true">
        {initialsOf(who.name)}
      </span>
      <span className="person-words">
        <b>{who.name}</b>
        <span>{role}</span>
      </span>
      <span className="unseen">{t('who/title')}</span>
    </button>
  );
}

/** Of a Korean name the given name's first, else the first letters of two words. */
function initialsOf(name: string): string {
  const words = name.split(/\s+/);
  const first = words.map(word => [...word][0] ?? '');
  return words.length > 1 ? `${first[0]}${first.at(-1)}` : [...name].slice(0, 1).join('');
}

const Clock = memo(function Clock() {
  const format = useFormat();
  const now = useNow(1000);
  return (
    <time className="header-clock figures" dateTime={new Date(now).toISOString()}>
      {format.clock(now)}
    </time>
  );
});

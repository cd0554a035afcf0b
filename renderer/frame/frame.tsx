/**
 * The frame that every screen hangs in: the rehearsal's band, the header, one screen, the line of truth. It knows who is at
 * the window, leads from screen to screen, and gives keys and scans to whoever is topmost.
 */
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StationView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { callCard, refusalCard } from '../messages/card.ts';
import { type Notice, NoticeBar } from '../parts/notice.tsx';
import { storedSound, storeSound } from '../preferences.ts';
import { KeyLayers, KeyLayersContext } from '../scan/key-layers.ts';
import { withoutFrame } from '../scan/scanner-frame.ts';
import { useScanner } from '../scan/use-scanner.ts';
import type { WedgeEvent } from '../scan/wedge.ts';
import { Announcer } from '../station/announcer.tsx';
import { ConnectionDialog } from '../station/connection-dialog.tsx';
import { DayDialog } from '../station/day-dialog.tsx';
import { Foot } from '../station/foot.tsx';
import { productOf, targetOf } from '../station/target.ts';
import type { AccessDialog } from './access-dialog.ts';
import { AccessDialogs } from './access-dialogs.tsx';
import { BackupBand, Fault, NoContact } from './bands.tsx';
import { Elsewhere } from './elsewhere.tsx';
import { Header } from './header.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { type HeaderPlaces, HeaderPlacesContext } from './in-header.tsx';
import { LockLayer } from './lock-layer.tsx';
import { MenuDialog } from './menu-dialog.tsx';
import { maySee, type Screen } from './screen.ts';
import { devices, screens, settings } from './screens.ts';
import { useStay } from './use-stay.ts';
import './frame.css';

const helpKey = 'F6';

interface FrameProps {
  readonly session: Session;
  readonly view: StationView;
  /** No contact: the view is the last one known. */
  readonly lost: boolean;
}

type Open = 'menu' | 'help' | 'connection' | 'day' | AccessDialog;

export function Frame({ session, view, lost }: FrameProps) {
  const { t } = useTranslation();
  const { station, fixtures, who } = view;
  const [home] = screens;
  const [asked, setAsked] = useState<Screen>(home);
  const [open, setOpen] = useState<Open>();
  const [notice, setNotice] = useState<Notice>();
  /** What the Devices screen is asked for as it opens. */
  const [device, setDevice] = useState<string>();
  const [sound, setSound] = useState(storedSound);
  const [places, setPlaces] = useState<HeaderPlaces>({
    actions: null,
    words: null,
    work: null,
  });
  const layers = useMemo(() => new KeyLayers(), []);
  const locked = who?.state === 'locked';
  const screen = maySee(asked, who) ? asked : home;

  const go = (to: Screen) => {
    setNotice(undefined);
    setOpen(undefined);
    setDevice(undefined);
    setAsked(to);
  };
  const showDevice = (name: string) => {
    go(devices);
    setDevice(name);
  };
  const close = () => setOpen(undefined);
  const openConnection = useCallback(() => setOpen('connection'), []);
  const openDay = useCallback(() => setOpen('day'), []);
  const lock = () => {
    if (who?.state === 'signed-in') session.lock().catch(error => setNotice({ card: callCard(error) }));
  };
  /** A badge hands the window over, whatever it shows. */
  const badge = async (text: string) => {
    try {
      const answer = await session.signIn({ badge: text });
      setNotice(answer.ok ? undefined : { card: refusalCard(answer.code) });
    } catch (error) {
      setNotice({ card: callCard(error) });
    }
  };

  useStay(session, who?.state === 'signed-in' && !lost);
  useNewPerson(who, {
    onLock: () => go(home),
    onPerson(person) {
      setNotice(undefined);
      const more = person.proof === 'badge' && person.role !== 'operator';
      setOpen(more ? { kind: 'enter-pin', id: person.id, name: person.name } : undefined);
    },
  });
  // A line without people goes on as it did; a production one is asked once at each start.
  const [offered, setOffered] = useState(false);
  useEffect(() => {
    if (offered || who || station.rehearsal) return;
    setOffered(true);
    setOpen(before => before ?? { kind: 'first' });
  }, [offered, who, station.rehearsal]);

  const onWedge = (scanned: WedgeEvent) => {
    const event = withoutFrame(scanned, station.scanner);
    const isBadge =
      event.kind === 'scan' && who && station.badgePrefix && event.text.startsWith(station.badgePrefix);
    if (isBadge && !layers.wantsBadges) return void badge(event.text);
    if (typeof open === 'string') {
      if (event.kind !== 'scan') return;
      close();
    }
    if (!layers.wedge(event) && event.kind === 'scan') setNotice({ card: 'notHere', scanned: event.text });
  };
  const onKey = (event: KeyboardEvent): boolean => {
    if (event.key === 'F8' && who?.state === 'signed-in') {
      lock();
      return true;
    }
    const offered = layers.key(event);
    if (offered) return offered === 'used';
    if (locked || document.querySelector('dialog[open]')) return false;
    if (event.key === 'F10') setOpen('menu');
    else if (event.key === helpKey) setOpen('help');
    else if (event.key === 'Escape') {
      if (notice) setNotice(undefined);
      else go(home);
    } else {
      const to = screens.find(({ key }) => key === event.key);
      if (!to || !maySee(to, who)) return false;
      go(to);
    }
    return true;
  };
  useScanner({ highest: fixtures.length, onWedge, onKey });

  const turnSound = () => {
    storeSound(!sound);
    setSound(!sound);
  };
  const { View } = screen;
  return (
    <KeyLayersContext value={layers}>
      <HeaderPlacesContext value={places}>
        <div className="screen">
          {station.rehearsal && (
            <aside className="rehearsal" aria-label={t('rehearsal/mark')}>
              <span>{t('rehearsal/band')}</span>
            </aside>
          )}
          <Header
            station={station}
            product={productOf(view)}
            who={who}
            screen={screen.id}
            onMenu={() => setOpen('menu')}
            onPerson={() => setOpen(who ? { kind: 'person' } : { kind: 'first' })}
            onSignIn={() => setOpen({ kind: 'sign-in' })}
            sound={sound}
            onSound={turnSound}
            onPlaces={setPlaces}
          >
            {lost && <NoContact />}
            {view.fault !== undefined && <Fault fault={view.fault} />}
            {view.backup && screen !== home && screen.id !== 'backup' && <BackupBand trouble={view.backup} />}
            {screen !== home && <Elsewhere fixtures={fixtures} onShow={() => go(home)} />}
            {notice && <NoticeBar notice={notice} onClose={() => setNotice(undefined)} />}
          </Header>
          <View
            key={screen.id}
            session={session}
            view={view}
            lost={lost || locked}
            device={device}
            onDevice={showDevice}
            onPlace={place => (place === 'settings' ? go(settings) : setOpen({ kind: 'first' }))}
          />
          {locked && (
            <LockLayer
              onBadge={badge}
              onSignIn={() => {
                setNotice(undefined);
                setOpen({ kind: 'sign-in' });
              }}
              onEscape={() => setNotice(undefined)}
            />
          )}
          <Foot view={view} lost={lost} onConnection={openConnection} onDay={openDay} />
          {open === 'menu' && !locked && (
            <MenuDialog
              who={who}
              canEnd={view.canEnd === true}
              here={screen}
              onGo={go}
              onLock={lock}
              onHelp={() => setOpen('help')}
              onOpen={setOpen}
              onClose={close}
            />
          )}
          {open === 'help' && !locked && <HelpDialog screen={screen} who={who} onClose={close} />}
          {open === 'connection' && (
            <ConnectionDialog
              connection={view.connection}
              outbox={view.outbox}
              backup={view.backup}
              onClose={close}
            />
          )}
          {open === 'day' && <DayDialog today={view.today} target={targetOf(view)} onClose={close} />}
          {typeof open === 'object' && (
            <AccessDialogs
              open={open}
              session={session}
              view={view}
              onOpen={setOpen}
              onLock={lock}
              onClose={close}
            />
          )}
          <Announcer fixtures={fixtures} sound={sound} />
        </div>
      </HeaderPlacesContext>
    </KeyLayersContext>
  );
}

/** Tells of each change of who is at the window, but not of who was there when the page opened. */
function useNewPerson(
  who: StationView['who'],
  tell: {
    readonly onLock: () => void;
    readonly onPerson: (person: Extract<StationView['who'], { state: 'signed-in' }>) => void;
  },
): void {
  const now = who?.state === 'signed-in' ? `${who.id} ${who.proof}` : who?.state;
  const [known, setKnown] = useState(now);
  useEffect(() => {
    if (known === now) return;
    setKnown(now);
    if (who?.state === 'locked') tell.onLock();
    if (who?.state === 'signed-in') tell.onPerson(who);
  });
}

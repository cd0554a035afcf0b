/** The Station screen: every fixture as a tile, the header above, the line of truth below. */
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StationView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { useFaultCard } from '../messages/card.ts';
import { CrossInOctagon, Offline } from '../parts/symbols.tsx';
import { storedSound, storeSound } from '../preferences.ts';
import { useScanner } from '../scan/use-scanner.ts';
import { Announcer } from './announcer.tsx';
import { Foot } from './foot.tsx';
import { Header } from './header.tsx';
import { keyHandler } from './keys.ts';
import { layoutFor } from './layout.ts';
import { NoticeBar } from './notice.tsx';
import { Overlays } from './overlays.tsx';
import { Tile } from './tile.tsx';
import { useDesk } from './use-desk.ts';
import './station-screen.css';

interface StationScreenProps {
  readonly session: Session;
  readonly view: StationView;
  /** No contact: the view is the last one known. */
  readonly lost: boolean;
}

export function StationScreen({ session, view, lost }: StationScreenProps) {
  const { t } = useTranslation();
  const desk = useDesk(session, view);
  const [sound, setSound] = useState(storedSound);
  const { station, fixtures } = view;
  useScanner({
    highest: fixtures.length,
    onWedge: desk.onWedge,
    onKey: keyHandler(desk),
  });
  const turnSound = () => {
    storeSound(!sound);
    setSound(!sound);
  };
  return (
    <div className="screen">
      {station.rehearsal && (
        <aside className="rehearsal" aria-label={t('rehearsal/mark')}>
          <span>{t('rehearsal/band')}</span>
        </aside>
      )}
      <Header
        station={station}
        canStart={!lost && fixtures.some(fixture => fixture.state === 'armed')}
        onStartAll={desk.startAll}
        sound={sound}
        onSound={turnSound}
      >
        {lost && <NoContact />}
        {view.fault !== undefined && <Fault fault={view.fault} />}
        {desk.notice && !desk.overlay && <NoticeBar notice={desk.notice} onClose={desk.closeNotice} />}
      </Header>
      <Tiles view={view} lost={lost} picked={desk.picked} actions={desk.tiles} />
      <Foot view={view} lost={lost} onConnection={desk.showConnection} onDay={desk.showDay} />
      <Overlays desk={desk} view={view} lost={lost} />
      <Announcer fixtures={fixtures} sound={sound} />
    </div>
  );
}

interface TilesProps {
  readonly view: StationView;
  readonly lost: boolean;
  readonly picked: string | undefined;
  readonly actions: ReturnType<typeof useDesk>['tiles'];
}

function Tiles({ view: { fixtures, station }, lost, picked, actions }: TilesProps) {
  const { t } = useTranslation();
  const { columns, rows, density } = useMemo(() => layoutFor(fixtures.length), [fixtures.length]);
  if (fixtures.length === 0)
    return (
      <main className="tiles-none">
        <h2>{t('noFixtures/title')}</h2>
        <p>
          {t('noFixtures/what')} {t('noFixtures/do')}
        </p>
      </main>
    );
  return (
    <main
      className="tiles"
      aria-label={t('tile/fixtures')}
      data-count={fixtures.length}
      style={{
        gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
        gridTemplateRows: `repeat(${rows}, minmax(0, 1fr))`,
      }}
    >
      {fixtures.map(fixture => (
        <Tile
          key={fixture.id}
          fixture={fixture}
          density={density}
          picked={picked === fixture.id}
          rehearsal={station.rehearsal}
          actions={lost ? undefined : actions}
        />
      ))}
    </main>
  );
}

/** Milliseconds after which a lost contact is no longer one that mends itself. */
const longLost = 20_000;

function NoContact() {
  const { t } = useTranslation();
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), longLost);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="band" role="status">
      <Offline className="notice-symbol" />
      <p className="notice-words">
        <strong>{t('noContact/title')}</strong>
        <span>
          {t('noContact/what')} {long && <b>{t('noContact/long')}</b>}
        </span>
      </p>
    </div>
  );
}

function Fault({ fault }: { fault: NonNullable<StationView['fault']> }) {
  const { title, what, do: now } = useFaultCard()(fault);
  return (
    <div className="band tone-fail" role="alert">
      <CrossInOctagon className="notice-symbol" />
      <p className="notice-words">
        <strong>{title}</strong>
        <span>
          {what} <b>{now}</b>
        </span>
      </p>
    </div>
  );
}

/** The Station screen: every fixture as a tile, and the one start for all. */
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { StationView } from '../../src/api/contract.ts';
import { InHeader } from '../frame/in-header.tsx';
import type { ScreenProps } from '../frame/screen.ts';
import { OrderBlock } from '../orders/order-block.tsx';
import { NoticeBar } from '../parts/notice.tsx';
import { Listed } from '../parts/symbols.tsx';
import { useKeyLayer } from '../scan/key-layers.ts';
import { FirstSteps, isBeforeFirstUnit } from './first-steps.tsx';
import { keyHandler } from './keys.ts';
import { layoutFor } from './layout.ts';
import { Overlays } from './overlays.tsx';
import { Tile } from './tile.tsx';
import { useDesk } from './use-desk.ts';
import './station-screen.css';

export function StationScreen({ session, view, lost, onDevice, onPlace }: ScreenProps) {
  const { t } = useTranslation();
  const desk = useDesk(session, view);
  const { fixtures } = view;
  const locked = view.who?.state === 'locked';
  const { closeOverlay } = desk;
  useEffect(() => {
    if (locked) closeOverlay();
  }, [locked, closeOverlay]);
  useKeyLayer({
    onWedge(event) {
      desk.onWedge(event);
      return true;
    },
    onKey: keyHandler(desk, lost),
  });
  return (
    <>
      <InHeader place="work">
        <OrderBlock order={view.workOrder} disabled={lost} onOpen={desk.openOrder} />
      </InHeader>
      <InHeader place="actions">
        <button
          type="button"
          className="button button-bare"
          aria-label={t('results/open')}
          aria-keyshortcuts="PageDown"
          disabled={lost}
          onClick={desk.openResults}
        >
          <Listed className="switch-symbol" />
        </button>
        <button
          type="button"
          className="button button-main"
          disabled={lost || !fixtures.some(fixture => fixture.state === 'armed')}
          onClick={desk.startAll}
        >
          {t('header/startAll')} <kbd>F1</kbd>
        </button>
      </InHeader>
      <InHeader place="words">
        {desk.notice && !desk.overlay && <NoticeBar notice={desk.notice} onClose={desk.closeNotice} />}
      </InHeader>
      {fixtures.length === 0 ? (
        <FirstSteps view={view} lost={lost && !locked} onPlace={onPlace} />
      ) : (
        <Tiles view={view} lost={lost} picked={desk.picked} actions={desk.tiles} />
      )}
      {!locked && <Overlays session={session} desk={desk} view={view} lost={lost} onDevice={onDevice} />}
    </>
  );
}

interface TilesProps {
  readonly view: StationView;
  readonly lost: boolean;
  readonly picked: string | undefined;
  readonly actions: ReturnType<typeof useDesk>['tiles'];
}

function Tiles({ view, lost, picked, actions }: TilesProps) {
  const { t } = useTranslation();
  const { fixtures, station } = view;
  const beforeFirst = isBeforeFirstUnit(view);
  const { columns, rows, density } = useMemo(() => layoutFor(fixtures.length), [fixtures.length]);
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
          beforeFirst={beforeFirst}
          actions={lost ? undefined : actions}
        />
      ))}
    </main>
  );
}

/** One fixture on the Station screen: a frame that keeps its focus while what it says changes with the fixture's state. */
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FixtureView } from '../../src/api/contract.ts';
import type { Density } from './layout.ts';
import { ShortTile, SignTile } from './small-tile.tsx';
import type { TileActions } from './tile-actions.ts';
import { TileFace } from './tile-face.tsx';
import { toneOf } from './tone.ts';
import './tile.css';

interface TileProps {
  readonly fixture: FixtureView;
  readonly density: Density;
  readonly picked: boolean;
  readonly rehearsal: boolean;
  /** Nothing was tested here yet: a free fixture says how. */
  readonly beforeFirst: boolean;
  /** Absent while there is no contact: then nothing can be done. */
  readonly actions: TileActions | undefined;
}

export const Tile = memo(function Tile(props: TileProps) {
  const { fixture, density, picked, rehearsal, beforeFirst, actions } = props;
  const { t } = useTranslation();
  return (
    <article
      className={`tile tile-${density} ${surfaceOf(fixture)}`}
      data-fixture={fixture.id}
      data-picked={picked || undefined}
      aria-label={t('tile/fixture', { number: String(fixture.number) })}
      tabIndex={-1}
    >
      {density === 'full' && (
        <TileFace
          fixture={fixture}
          picked={picked}
          rehearsal={rehearsal}
          beforeFirst={beforeFirst}
          actions={actions}
        />
      )}
      {density === 'short' && (
        <ShortTile fixture={fixture} picked={picked} rehearsal={rehearsal} actions={actions} />
      )}
      {density === 'sign' && <SignTile fixture={fixture} actions={actions} />}
    </article>
  );
});

export function surfaceOf({ state, verdict }: FixtureView): string {
  return state === 'decided' && verdict ? `tile-decided tone-${toneOf(verdict.verdict)}` : `tile-${state}`;
}

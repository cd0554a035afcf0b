/** Fixtures where many share the screen: the whole tile is one target that opens it in full. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FixtureView } from '../../src/api/contract.ts';
import { useCard, useVerdictCard } from '../messages/card.ts';
import { VerdictSymbol } from '../parts/symbols.tsx';
import { useGoldenState } from './golden-mark.tsx';
import { SerialText } from './serial-text.tsx';
import { StepBar } from './steps.tsx';
import type { TileActions } from './tile-actions.ts';
import { toneOf } from './tone.ts';
import './small-tile.css';

interface SmallTileProps {
  readonly fixture: FixtureView;
  readonly actions: TileActions | undefined;
}

function WholeTarget({ fixture, actions, children }: SmallTileProps & { children: ReactNode }) {
  const open = () => {
    if (fixture.state === 'idle') actions?.enter(fixture.id);
    else actions?.open(fixture.id);
  };
  return (
    <button type="button" className="whole" disabled={!actions} onClick={open}>
      {children}
    </button>
  );
}

export function ShortTile(props: SmallTileProps & { picked: boolean; rehearsal: boolean }) {
  const { fixture, picked, rehearsal } = props;
  const { t } = useTranslation();
  return (
    <WholeTarget {...props}>
      <span className="face-head">
        <span className="tile-number">{fixture.number}</span>
        {fixture.serial && <SerialText serial={fixture.serial} />}
        <span className="face-aside">
          {fixture.hasPassword && <span className="mark">{t('tile/hasPassword')}</span>}
          {rehearsal && fixture.state === 'decided' && <span className="mark">{t('rehearsal/mark')}</span>}
        </span>
      </span>
      <ShortState fixture={fixture} picked={picked} free={!props.actions} />
    </WholeTarget>
  );
}

function ShortState({
  fixture: { state, steps, verdict, handsFree, golden },
  picked,
  free,
}: {
  fixture: FixtureView;
  picked: boolean;
  /** Looked at only: nothing can be scanned into it now. */
  free: boolean;
}) {
  const { t } = useTranslation();
  const card = useCard();
  const verdictCard = useVerdictCard();
  const check = useGoldenState(golden);
  const isHeld = golden?.required && check !== 'checked';
  if (state === 'decided' && verdict) {
    const [warning] = verdict.warnings;
    const passes = toneOf(verdict.verdict) === 'pass';
    const { title, do: now } =
      passes && warning && !verdict.golden ? card(`warning/${warning}`) : verdictCard(verdict);
    return (
      <>
        <span className="small-verdict">
          <VerdictSymbol className="small-symbol" verdict={verdict.verdict} />
          <strong>{t(`word/${verdict.verdict}`)}</strong>
        </span>
        <span className="small-line">
          {title}
          {!passes && <span className="small-do">{now}</span>}
        </span>
      </>
    );
  }
  if (state === 'running') {
    const current = steps.find(step => step.state === 'running');
    return (
      <>
        <span className="small-middle">
          <StepBar steps={steps} />
        </span>
        <span className="small-line busy">
          {t('tile/testing')}
          {current && ` · ${t(`step/${current.step}`)}`}
        </span>
      </>
    );
  }
  if (state === 'armed')
    return (
      <>
        <span className="small-middle small-lead busy">{t('tile/ready')}</span>
        <span className="small-line">{handsFree && t(`tile/handsFree/armed/${handsFree}`)}</span>
      </>
    );
  return (
    <>
      <span className="small-middle small-invitation">
        {t(free ? 'tile/free' : isHeld ? 'golden/first' : picked ? 'tile/picked' : 'tile/scan')}
      </span>
      {check && check !== 'checked' ? (
        <span className="small-line">{t(`golden/${check}`)}</span>
      ) : (
        handsFree && <span className="small-line">{t(`tile/handsFree/idle/${handsFree}`)}</span>
      )}
    </>
  );
}

export function SignTile(props: SmallTileProps) {
  const { serial, state, steps, verdict, number, golden } = props.fixture;
  const { t } = useTranslation();
  const check = useGoldenState(golden);
  return (
    <WholeTarget {...props}>
      <span className="face-head">
        <span className="tile-number">{number}</span>
        {state === 'decided' && verdict && (
          <VerdictSymbol className="sign-symbol" verdict={verdict.verdict} />
        )}
      </span>
      <span className="unseen">
        {state === 'decided' && verdict
          ? t(`word/${verdict.verdict}`)
          : state === 'running'
            ? t('tile/testing')
            : ''}
      </span>
      {state === 'running' && (
        <span className="sign-middle">
          <StepBar steps={steps} />
        </span>
      )}
      {state === 'armed' && <span className="sign-middle busy">{t('tile/ready')}</span>}
      {state === 'idle' ? (
        <span className="sign-invitation">
          {check && check !== 'checked'
            ? t(`golden/short/${check}`)
            : t(props.actions ? 'tile/scan' : 'tile/free')}
        </span>
      ) : (
        <span className="sign-serial mono">
          <span className="unseen">{serial ?? t('tile/noSerial')}</span>
          <span aria-hidden="true">{serial?.slice(-4)}</span>
        </span>
      )}
    </WholeTarget>
  );
}

/** A fixture in full: what it waits for, what it does, or what it found and what to do now. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FixtureView, VerdictView } from '../../src/api/contract.ts';
import { useCard, useVerdictCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { Triangle, VerdictSymbol } from '../parts/symbols.tsx';
import { asksForPassword } from './asks-password.ts';
import { GoldenMark, useGoldenState } from './golden-mark.tsx';
import { SerialText } from './serial-text.tsx';
import { serialToStartAgain } from './start-again.ts';
import { Steps } from './steps.tsx';
import type { TileActions } from './tile-actions.ts';
import { toneOf } from './tone.ts';
import { useNow } from './use-now.ts';
import './face.css';

interface FaceProps {
  readonly fixture: FixtureView;
  readonly picked: boolean;
  readonly rehearsal: boolean;
  /** Nothing was tested here yet: a free fixture says how. */
  readonly beforeFirst?: boolean;
  readonly actions: TileActions | undefined;
}

export function TileFace(props: FaceProps) {
  const { fixture } = props;
  switch (fixture.state) {
    case 'idle':
      return <IdleFace {...props} />;
    case 'armed':
      return <ArmedFace {...props} />;
    case 'running':
      return <RunningFace {...props} />;
    case 'decided':
      return fixture.verdict ? <DecidedFace {...props} verdict={fixture.verdict} /> : <IdleFace {...props} />;
  }
}

function Face({
  fixture,
  aside,
  children,
}: {
  fixture: FixtureView;
  aside?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <div className="face">
      <header className="face-head">
        <span className="tile-number">{fixture.number}</span>
        {fixture.serial ? (
          <SerialText serial={fixture.serial} />
        ) : (
          <span className="face-name">{fixture.state === 'idle' ? nameOf(fixture) : t('tile/noSerial')}</span>
        )}
        <span className="face-aside figures">
          {fixture.golden && (fixture.state === 'idle' || fixture.state === 'armed') && (
            <GoldenMark golden={fixture.golden} />
          )}
          {fixture.verdict?.golden && <span className="mark">{t('golden/run')}</span>}
          {fixture.hasPassword && <span className="mark">{t('tile/hasPassword')}</span>}
          {aside}
        </span>
      </header>
      {children}
    </div>
  );
}

/** Where nobody gave it one, it has its number alone. */
const nameOf = ({ name, number }: FixtureView) => (name === String(number) ? '' : name);

function IdleFace({ fixture, picked, beforeFirst, actions }: FaceProps) {
  const { t } = useTranslation();
  const golden = useGoldenState(fixture.golden);
  const isHeld = fixture.golden?.required && golden !== 'checked';
  return (
    <Face fixture={fixture}>
      <div className="face-middle face-invitation">
        <p className="face-lead">
          {t(!actions ? 'tile/free' : isHeld ? 'golden/first' : picked ? 'tile/picked' : 'tile/scan')}
        </p>
        {actions && (
          <button
            type="button"
            className="button button-bare button-whole"
            onClick={() => actions.enter(fixture.id)}
          >
            {t('tile/orType')}
          </button>
        )}
        {beforeFirst && actions && !fixture.handsFree && !isHeld && (
          <p className="face-by-itself">{t('firstSteps/unitHere')}</p>
        )}
        {fixture.handsFree && (
          <p className="face-by-itself">{t(`tile/handsFree/idle/${fixture.handsFree}`)}</p>
        )}
      </div>
    </Face>
  );
}

function ArmedFace({ fixture, actions }: FaceProps) {
  const { t } = useTranslation();
  return (
    <Face fixture={fixture} aside={<strong className="busy">{t('tile/ready')}</strong>}>
      <p className="face-middle face-lead">
        {t(fixture.handsFree ? `tile/handsFree/armed/${fixture.handsFree}` : 'tile/readyWhat')}
      </p>
      <footer className="face-foot">
        <span className="face-note" />
        <button
          type="button"
          className="button"
          disabled={!actions}
          onClick={() => actions?.clear(fixture.id)}
        >
          {t('tile/clear')}
        </button>
        <button
          type="button"
          className="button button-main"
          disabled={!actions}
          onClick={() => actions?.start(fixture.id)}
        >
          {t('tile/start')} <kbd>Enter</kbd>
        </button>
      </footer>
    </Face>
  );
}

function RunningFace({ fixture, actions }: FaceProps) {
  const { t } = useTranslation();
  return (
    <Face fixture={fixture} aside={<Elapsed since={fixture.startedAt} />}>
      <div className="face-middle">
        <Steps steps={fixture.steps} />
      </div>
      <footer className="face-foot">
        <span className="face-note">{t('tile/keep')}</span>
        <button
          type="button"
          className="button"
          disabled={!actions}
          onClick={() => actions?.stop(fixture.id)}
        >
          {t('tile/stop')}
        </button>
      </footer>
    </Face>
  );
}

function Elapsed({ since }: { since: number | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(100);
  return (
    <strong className="busy">
      {t('tile/testing')} · {format.duration(Math.max(100, now - (since ?? now)))}
    </strong>
  );
}

function DecidedFace({ fixture, rehearsal, actions, verdict }: FaceProps & { verdict: VerdictView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const aside = (
    <>
      {rehearsal && <span className="mark">{t('rehearsal/mark')}</span>}
      {fixture.durationMs !== undefined && <span>{format.duration(fixture.durationMs)}</span>}
    </>
  );
  return (
    <Face fixture={fixture} aside={aside}>
      <VerdictWords verdict={verdict} />
      <footer className="face-foot">
        <span className="face-note">
          {toneOf(verdict.verdict) === 'pass' ? verdict.tpm : codesOf(verdict)}
        </span>
        {actions && (
          <>
            <button type="button" className="button" onClick={() => actions.open(fixture.id)}>
              {t('tile/details')}
            </button>
            <button type="button" className="button" onClick={() => actions.clear(fixture.id)}>
              {t(verdict.verdict === 'refused' ? 'tile/takeOut' : 'tile/next')}
            </button>
            {asksForPassword(fixture) && (
              <button
                type="button"
                className="button button-main"
                onClick={() => actions.password(fixture.id)}
              >
                {t('tile/password')} <kbd>Enter</kbd>
              </button>
            )}
            {verdict.overruling && (
              <button type="button" className="button button-main" onClick={() => actions.decide(fixture.id)}>
                {t('tile/decide')} <kbd>Enter</kbd>
              </button>
            )}
            {serialToStartAgain(fixture) !== undefined && (
              <button type="button" className="button button-main" onClick={() => actions.again(fixture.id)}>
                {t('tile/again')} <kbd>Enter</kbd>
              </button>
            )}
          </>
        )}
      </footer>
    </Face>
  );
}

/** The codes for the supervisor: ours, and the TPM's own where it gave one. */
export function codesOf({ code, responseCode, responseCodeName }: VerdictView): string {
  const ofTpm = [responseCode, responseCodeName].filter(Boolean).join(' ');
  return [code, ofTpm].filter(Boolean).join(' · ');
}

/** The verdict itself: shape and word, then what is to be known or done. */
function VerdictWords({ verdict }: { verdict: VerdictView }) {
  const { t } = useTranslation();
  const card = useCard();
  const { title, what, do: now } = useVerdictCard()(verdict);
  const passes = toneOf(verdict.verdict) === 'pass';
  return (
    <div className={`face-middle verdict ${passes ? 'verdict-pass' : 'verdict-held'}`}>
      <VerdictSymbol className="verdict-symbol" verdict={verdict.verdict} />
      <div className="verdict-words">
        <strong className="verdict-word">{t(`word/${verdict.verdict}`)}</strong>
        {passes ? (
          <ul className="verdict-notes">
            {(verdict.code === 'retest' || verdict.golden) && <li>{title}</li>}
            {verdict.code === 'passed-by-decision' && (
              <li>
                {verdict.decidedBy === undefined ? title : t('tile/decidedBy', { name: verdict.decidedBy })}
              </li>
            )}
            {verdict.warnings.map(warning => (
              <li key={warning}>
                <Triangle className="inline-symbol" />
                {card(`warning/${warning}`).title}
              </li>
            ))}
          </ul>
        ) : (
          <>
            <p className="verdict-title">{title}</p>
            <p className="verdict-text">
              {what} <b>{now}</b>
            </p>
          </>
        )}
      </div>
    </div>
  );
}

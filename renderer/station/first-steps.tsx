/**
 * The way from an empty station to its first PASS, where the tiles will be: what is done, what is next and who does it, and
 * Enter leads there. It is true for the state that the station is in; once there is a fixture, the tiles take over.
 */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { StationView, WhoView } from '../../src/api/contract.ts';
import type { ScreenProps } from '../frame/screen.ts';
import { VerdictSymbol } from '../parts/symbols.tsx';
import { useKeyLayer } from '../scan/key-layers.ts';
import './first-steps.css';

interface FirstStepsProps {
  readonly view: StationView;
  readonly lost: boolean;
  readonly onPlace: ScreenProps['onPlace'];
}

/** Nothing was tested here yet, as far as the view tells: a unit that passed leaves something in the outbox. */
export function isBeforeFirstUnit({ outbox, today }: StationView): boolean {
  const { queued, sending, enrolled, conflict, quarantined } = outbox;
  return today.attempts === 0 && queued + sending + enrolled + conflict + quarantined === 0;
}

export function FirstSteps({ view: { station, connection, who }, lost, onPlace }: FirstStepsProps) {
  const { t } = useTranslation();
  const fixturesBy = whoSetsFixtures(who);
  const next = who ? (fixturesBy === 'here' ? 'settings' : undefined) : 'first-supervisor';
  useKeyLayer({
    onKey(event) {
      if (event.key !== 'Enter' || lost || !next || document.activeElement?.closest('button')) return false;
      onPlace(next);
      return true;
    },
  });
  const button = (label: string) =>
    next && (
      <button type="button" className="button button-main" disabled={lost} onClick={() => onPlace(next)}>
        {label} <kbd>Enter</kbd>
      </button>
    );
  return (
    <main className="first-steps">
      <div className="first-steps-all">
        <h2>{t('firstSteps/title')}</h2>
        <ol>
          <Step
            number={1}
            state={who ? 'done' : 'now'}
            title={t('firstSteps/supervisor')}
            what={t(who ? 'firstSteps/supervisorDone' : 'firstSteps/supervisorWhat')}
          >
            {!who && button(t('first/make'))}
          </Step>
          <Step
            number={2}
            state={who ? 'now' : 'later'}
            title={t('firstSteps/fixtures')}
            what={t(`firstSteps/fixturesBy/${fixturesBy}`)}
          >
            {who && button(t('firstSteps/openSettings'))}
          </Step>
          <Step number={3} state="later" title={t('firstSteps/unit')} what={t('firstSteps/unitWhat')} />
        </ol>
        {connection.state === 'not-configured' && <p>{t('firstSteps/dps')}</p>}
        {station.rehearsal && <p>{t('firstSteps/rehearsal')}</p>}
        <p>{t('firstSteps/help')}</p>
      </div>
    </main>
  );
}

interface StepProps {
  readonly number: number;
  readonly state: 'done' | 'now' | 'later';
  readonly title: string;
  readonly what: string;
  readonly children?: ReactNode;
}

function Step({ number, state, title, what, children }: StepProps) {
  const { t } = useTranslation();
  return (
    <li className="first-step" data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
      {state === 'done' ? (
        <VerdictSymbol verdict="passed" className="first-step-sign" />
      ) : (
        <span className="first-step-sign figures" aria-hidden="true">
          {number}
        </span>
      )}
      <div className="first-step-words">
        <h3>
          {title}
          {state === 'done' && <span className="unseen"> · {t('firstSteps/done')}</span>}
        </h3>
        <p>{what}</p>
        {children}
      </div>
    </li>
  );
}

/** Who can add a fixture: whoever is here, somebody who signs in first, or this person with the PIN of another role. */
function whoSetsFixtures(who: WhoView | undefined) {
  if (!who) return 'afterwards';
  if (who.state === 'locked') return 'signIn';
  const may = who.proof === 'pin' && (who.role === 'supervisor' || who.role === 'engineer');
  return may ? 'here' : 'other';
}

/**
 * What stands in place of every screen while the station is not open (rule S4): why, what to do now, and where a backup is the
 * remedy, going on from it. After a restore it says what is missing before anybody works on.
 */
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StoppedAnswer, StopRefusalCode, StopView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { RestoredFacts } from '../backup/restored-facts.tsx';
import { LanguageSwitch, ThemeSwitch } from '../frame/switches.tsx';
import { type CardName, callCard, useCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { Attention } from '../parts/attention.tsx';
import { Running } from '../parts/running.tsx';
import { CrossInOctagon, TickInCircle } from '../parts/symbols.tsx';
import { KeyLayers, KeyLayersContext } from '../scan/key-layers.ts';
import { useScanner } from '../scan/use-scanner.ts';
import { stopCard } from './stop-card.ts';
import { StopRestore } from './stop-restore.tsx';
import './stop-page.css';

interface StopPageProps {
  readonly session: Session;
  readonly stop: StopView;
  /** No contact: nothing can be asked. */
  readonly lost: boolean;
}

export function StopPage({ session, stop, lost }: StopPageProps) {
  const { t } = useTranslation();
  const layers = useMemo(() => new KeyLayers(), []);
  useScanner({
    highest: 0,
    onWedge: event => void layers.wedge(event),
    onKey: event => layers.key(event) === 'used',
  });
  const [refusal, setRefusal] = useState<CardName>();
  const ask = (call: () => Promise<StoppedAnswer>) => {
    setRefusal(undefined);
    call().then(
      answer => setRefusal(answer.ok ? undefined : refusedCard(answer.code)),
      error => setRefusal(callCard(error)),
    );
  };
  const openAgain = () => ask(() => session.openAgain());
  return (
    <KeyLayersContext value={layers}>
      <div className="screen stop">
        <header className="stop-head">
          <b>{stop.name ?? 'Keyline'}</b>
          <span className="stop-switches">
            <LanguageSwitch />
            <ThemeSwitch />
          </span>
        </header>
        <main className="stop-body" aria-label={t('stop/title')}>
          {refusal && <Words name={refusal} />}
          {stop.state === 'opening' && <Working title={t('stop/opening')} />}
          {stop.state === 'restoring' && (
            <Working title={t('stop/restoring')}>
              <p>{t('stop/restoringWhat')}</p>
              <p className="mono">{stop.backup}</p>
            </Working>
          )}
          {stop.state === 'restored' && (
            <>
              <h1>
                <TickInCircle className="stop-symbol stop-good" />
                {t('stop/restored')}
              </h1>
              <p>{t('stop/restoredDo')}</p>
              <RestoredFacts restored={stop.report} />
              <div className="stop-acts">
                <button type="button" className="button button-main" disabled={lost} onClick={openAgain}>
                  {t('stop/start')}
                </button>
              </div>
            </>
          )}
          {stop.state === 'stopped' && (
            <Stopped session={session} stop={stop} lost={lost} onAsk={ask} onAgain={openAgain} />
          )}
        </main>
      </div>
    </KeyLayersContext>
  );
}

const refusedCard = (code: StopRefusalCode): CardName =>
  code === 'backup-unknown' ? 'backupCard/backup-unknown' : stopCard({ code });

function Working({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <>
      <h1>{title}</h1>
      <Running label={title} share={undefined} />
      {children}
    </>
  );
}

interface StoppedProps {
  readonly session: Session;
  readonly stop: Extract<StopView, { state: 'stopped' }>;
  readonly lost: boolean;
  readonly onAsk: (call: () => Promise<StoppedAnswer>) => void;
  readonly onAgain: () => void;
}

function Stopped({ session, stop, lost, onAsk, onAgain }: StoppedProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const card = useCard();
  const { failure, restoreFailure } = stop;
  const why = failure && card(stopCard(failure), { code: failure.code });
  return (
    <>
      <h1>
        <CrossInOctagon className="stop-symbol stop-bad" />
        {why?.title ?? t('stop/title')}
      </h1>
      {restoreFailure && (
        <Attention title={t('stop/cameToNothing')} role="alert">
          <Card name={stopCard(restoreFailure)} code={restoreFailure.code} />
          {restoreFailure.waitMs !== undefined && (
            <b>{t('stop/wait', { span: format.seconds(Math.ceil(restoreFailure.waitMs / 1000)) })}</b>
          )}
          {restoreFailure.detail !== '' && <span className="stop-detail mono">{restoreFailure.detail}</span>}
        </Attention>
      )}
      <p className="stop-words">
        {why ? (
          <>
            {why.what} <b>{why.do}</b>
          </>
        ) : (
          <b>{t('stop/unchanged')}</b>
        )}
      </p>
      {failure && (
        <p className="stop-detail">
          {t('stop/said')}: <span className="mono">{failure.detail}</span>
        </p>
      )}
      <div className="stop-acts">
        <button
          type="button"
          className={stop.restore === 'nobody' ? 'button button-main' : 'button'}
          disabled={lost}
          onClick={onAgain}
        >
          {t(failure ? 'stop/again' : 'stop/start')}
        </button>
        {stop.canEnd && (
          <button
            type="button"
            className="button"
            disabled={lost}
            onClick={() => onAsk(() => session.endStopped())}
          >
            {t('stop/end')}
          </button>
        )}
      </div>
      <StopRestore session={session} stop={stop} lost={lost} onAsk={onAsk} />
    </>
  );
}

function Words({ name }: { name: CardName }) {
  const { title } = useCard()(name);
  return (
    <Attention title={title} role="alert">
      <Card name={name} code="" />
    </Attention>
  );
}

function Card({ name, code }: { name: CardName; code: string }) {
  const { what, do: now } = useCard()(name, { code });
  return (
    <span>
      {what} <b>{now}</b>
    </span>
  );
}

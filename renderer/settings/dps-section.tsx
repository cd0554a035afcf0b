/** Which DPS, at what pace, with which key; and a test that names what is wrong. The key is typed unseen and never shown again. */
import { useContext, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DpsCheckResult, DpsKeyView, DpsTest } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { type CardName, callCard, useCard } from '../messages/card.ts';
import { Refusal } from '../parts/refusal.tsx';
import { Triangle, VerdictSymbol } from '../parts/symbols.tsx';
import { valueAt } from './draft.ts';
import { Choice, FaultsOf, FormContext, Group, TextField } from './form.tsx';
import { settingsRefusal } from './refusal.ts';
import { useAsked } from './use-asked.ts';

interface DpsSectionProps {
  readonly session: Session;
  /** As the station has it; undefined where it cannot be used. */
  readonly dpsKey: DpsKeyView | undefined;
  /** Not saved yet: only what is saved can be tested. */
  readonly isChanged: boolean;
}

export function DpsSection({ session, dpsKey, isChanged }: DpsSectionProps) {
  const { t } = useTranslation();
  const { draft } = useContext(FormContext);
  const byEntra = valueAt(draft, ['dps', 'entra']) !== undefined;
  return (
    <>
      <TextField name="dpsHost" path={['dps', 'host']} mono />
      <TextField name="idScope" path={['dps', 'idScope']} mono scans />
      <TextField name="operationsPerMinute" path={['dps', 'operationsPerMinute']} number placeholder="1000" />
      <Choice name="bulkCost" path={['dps', 'bulkCost']} />
      {byEntra && <p className="setting-file-only">{t('settings/dps/entra')}</p>}
      <FaultsOf path={['dps', 'entra']} />
      <Key session={session} first={dpsKey} />
      <TestDps session={session} isChanged={isChanged} />
    </>
  );
}

function Key({ session, first }: { session: Session; first: DpsKeyView | undefined }) {
  const { t } = useTranslation();
  const { disabled } = useContext(FormContext);
  const [key, setKey] = useState(first);
  const [isSetting, setSetting] = useState(false);
  const [secret, setSecret] = useState('');
  const [options, setOptions] = useState({ offline: false, otherInstance: false });
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<CardName>();
  const [said, setSaid] = useState('');
  useEffect(() => setKey(first), [first]);
  const done = (next: DpsKeyView | undefined, words: string) => {
    setKey(next);
    setSaid(words);
    setSetting(false);
  };
  const asking = async (work: () => Promise<CardName | undefined>) => {
    setBusy(true);
    setRefused(undefined);
    setSaid('');
    try {
      setRefused(await work());
    } catch (error) {
      setRefused(callCard(error));
    } finally {
      setBusy(false);
    }
  };
  const take = () =>
    asking(async () => {
      const given = secret;
      setSecret('');
      const answer = await session.setDpsKey({ secret: given, ...options });
      if (!answer.ok) return settingsRefusal(answer.code);
      done(answer.key, t('settings/dps/taken'));
      return undefined;
    });
  const forget = () =>
    asking(async () => {
      const answer = await session.forgetDpsKey();
      if (!answer.ok) return settingsRefusal(answer.code);
      done(key && { ...key, source: null, identity: null, kind: null }, t('settings/dps/forgotten'));
      return undefined;
    });
  return (
    <Group title={t('settings/dps/key')}>
      <p>
        {!key && t('settings/dps/badKey')}
        {key?.source === null && t('settings/dps/noKey')}
        {key?.source && (
          <>
            <b>{t('settings/dps/keyOf', { identity: key.identity ?? '', host: key.host ?? '' })}</b>{' '}
            {t(`settings/dps/from/${key.source}`)}
          </>
        )}
      </p>
      {said && (
        <p className="setting-good" role="status">
          {said}
        </p>
      )}
      {isSetting && (
        <>
          <div className="setting">
            <label htmlFor="dps-secret">{t('settings/dps/secret')}</label>
            <input
              id="dps-secret"
              type="password"
              value={secret}
              maxLength={16_000}
              autoComplete="off"
              aria-describedby="dps-secret-what"
              onChange={event => setSecret(event.target.value)}
            />
            <span className="setting-what" id="dps-secret-what">
              {t('settings/dps/secretWhat')}
            </span>
          </div>
          {(['offline', 'otherInstance'] as const).map(option => (
            <label key={option} className="setting-tick">
              <input
                type="checkbox"
                checked={options[option]}
                onChange={event => setOptions({ ...options, [option]: event.target.checked })}
              />
              {t(option === 'offline' ? 'settings/dps/offline' : 'settings/dps/other')}
            </label>
          ))}
        </>
      )}
      {refused && <Refusal name={refused} />}
      <div className="setting-acts">
        {isSetting ? (
          <button
            type="button"
            className="button button-main"
            disabled={disabled || busy || secret === ''}
            onClick={take}
          >
            {t(busy ? 'settings/dps/testing' : 'settings/dps/take')}
          </button>
        ) : (
          <button
            type="button"
            className="button"
            disabled={disabled || busy}
            onClick={() => setSetting(true)}
          >
            {t('settings/dps/setKey')}
          </button>
        )}
        {key?.source === 'store' && (
          <button type="button" className="button" disabled={disabled || busy} onClick={forget}>
            {t('settings/dps/forget')}
          </button>
        )}
      </div>
    </Group>
  );
}

function TestDps({ session, isChanged }: { session: Session; isChanged: boolean }) {
  const { t } = useTranslation();
  const { disabled } = useContext(FormContext);
  const { test, refused, ask } = useAsked<DpsTest>();
  return (
    <div className="setting-test" aria-live="polite">
      <button
        type="button"
        className="button"
        disabled={disabled || isChanged}
        onClick={() => ask(() => session.testDps())}
      >
        {t(test === 'asked' ? 'settings/dps/testing' : 'settings/dps/test')}
      </button>
      {isChanged && <span className="setting-what">{t('settings/dps/saveFirst')}</span>}
      {typeof test === 'object' && (
        <div className="setting-found">
          <p>
            <b className="mono">{test.host ?? t('settings/dps/none')}</b> {test.identity} · {test.ms} ms
          </p>
          <ul>
            {test.checks.map(check => (
              <Check key={check.check} result={check} />
            ))}
          </ul>
        </div>
      )}
      {refused && <Refusal name={refused} />}
    </div>
  );
}

function Check({ result: { check, state, code, detail } }: { result: DpsCheckResult }) {
  const { t } = useTranslation();
  const card = useCard();
  const words = () => {
    if (code) {
      const { title, what, do: now } = card(`dps/${code}`);
      return `${title}. ${what} ${now}`;
    }
    if (check === 'key' && state === 'bad') return t('settings/dps/keyMissing');
    if (check === 'key' && state === 'notice') return t('settings/dps/keyFromEnvironment');
    if (check === 'scope') return t('settings/dps/scopeWhat');
    return detail ? t('settings/dps/through', { proxy: detail }) : '';
  };
  return (
    <li className="setting-check" data-state={state}>
      {state === 'notice' ? (
        <Triangle className="setting-sign" />
      ) : (
        <VerdictSymbol verdict={state === 'good' ? 'passed' : 'failed'} className="setting-sign" />
      )}
      <span>
        <b>{t(`settings/dps/check/${check}`)}</b> · {t(`settings/dps/state/${state}`)}
        <span className="setting-what">{words()}</span>
        {code && detail && <span className="setting-detail mono">{detail}</span>}
      </span>
    </li>
  );
}

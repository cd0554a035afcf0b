/** The fixtures: each with its bridge by carrier, and a look at the TPM behind it before anything is saved. */
import { useContext, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FixtureTest } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { Facts } from '../parts/facts.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { VerdictSymbol } from '../parts/symbols.tsx';
import { type Bridge, bridgeText, type Carrier, carriers, readBridge } from './bridge.ts';
import { freeName, listOf, type Member, type Path, withValue } from './draft.ts';
import { Choice, FaultsOf, FormContext, Group, Options, TextField } from './form.tsx';
import { MemberList } from './member-list.tsx';
import { useAsked } from './use-asked.ts';

export function FixturesSection({ session }: { session: Session }) {
  const { t } = useTranslation();
  const { draft, disabled, change } = useContext(FormContext);
  const [chosen, setChosen] = useState(0);
  const fixtures = listOf(draft.fixtures);
  const at = Math.min(chosen, fixtures.length - 1);
  const fixture = fixtures[at];
  // A new one takes the focus, so that the next Enter brings no second one.
  const form = useRef<HTMLDivElement>(null);
  const [isNew, setNew] = useState(false);
  useEffect(() => {
    if (!isNew) return;
    setNew(false);
    form.current?.querySelector('input')?.focus();
  }, [isNew]);
  const set = (list: readonly Member[], next: number) => {
    change(settings => withValue(settings, ['fixtures'], list));
    setChosen(Math.max(0, next));
  };
  const move = (by: number) => {
    const list = fixtures.toSpliced(at, 1).toSpliced(at + by, 0, fixture!);
    set(list, at + by);
  };
  return (
    <div className="setting-two">
      <MemberList
        list="fixtures"
        members={fixtures}
        chosen={at}
        words={(member, index) => [
          `${index + 1} · ${member.name ?? member.id ?? ''}`,
          String(member.bridge ?? '').split(':')[0]!,
        ]}
        add={t('settings/fixtures/add')}
        disabled={disabled || fixtures.length >= 32}
        onChoose={setChosen}
        onAdd={() => {
          set([...fixtures, { id: freeName(fixtures, 'id'), bridge: 'device:/dev/tpmrm0' }], fixtures.length);
          setNew(true);
        }}
      />
      {fixture ? (
        <div className="setting-one" key={at} ref={form}>
          <Fixture fixture={fixture} path={['fixtures', at]} session={session} />
          <div className="setting-acts">
            <button type="button" className="button" disabled={disabled || at === 0} onClick={() => move(-1)}>
              {t('settings/fixtures/up')}
            </button>
            <button
              type="button"
              className="button"
              disabled={disabled || at === fixtures.length - 1}
              onClick={() => move(1)}
            >
              {t('settings/fixtures/down')}
            </button>
            <button
              type="button"
              className="button"
              disabled={disabled}
              onClick={() => set(fixtures.toSpliced(at, 1), at - 1)}
            >
              {t('settings/remove')}
            </button>
          </div>
        </div>
      ) : (
        <p className="setting-what">{t('settings/fixtures/none')}</p>
      )}
    </div>
  );
}

interface FixtureProps {
  readonly fixture: Member;
  readonly path: Path;
  readonly session: Session;
}

function Fixture({ fixture, path, session }: FixtureProps) {
  const { t } = useTranslation();
  const { change } = useContext(FormContext);
  const bridge = readBridge(String(fixture.bridge ?? ''));
  const set = (part: Partial<Bridge>) =>
    change(settings => withValue(settings, [...path, 'bridge'], bridgeText({ ...bridge, ...part })));
  const carry = (carrier: Carrier) =>
    change(settings => {
      const fresh = withValue(settings, [...path, 'bridge'], bridgeText({ ...bridge, path: '', carrier }));
      const bare = carrier === 'ssh' ? fresh : withValue(fresh, [...path, 'ssh'], undefined);
      return carrier === 'device' ? withValue(bare, [...path, 'bridge'], 'device:/dev/tpmrm0') : bare;
    });
  const isFileOnly = bridge.carrier === 'cmd' || bridge.carrier === 'replay';
  const hasHost = bridge.carrier !== 'device' && !isFileOnly;
  const here: Path = [...path, 'bridge', 'part'];
  return (
    <>
      <TextField name="fixtureName" path={[...path, 'name']} placeholder={String(fixture.id)} />
      <TextField name="fixtureId" path={[...path, 'id']} mono />
      <Options
        name="carrier"
        path={here}
        options={carriers.map(carrier => ({ label: t(`settings/choice/${carrier}`), value: carrier }))}
        now={bridge.carrier}
        onValue={carrier => carry(carrier as Carrier)}
      />
      {isFileOnly && (
        <p className="setting-file-only">
          {t(bridge.carrier === 'cmd' ? 'settings/fixtures/command' : 'settings/fixtures/replay')}
        </p>
      )}
      {bridge.carrier === 'device' && (
        <TextField
          name="devicePath"
          path={here}
          value={bridge.path}
          onValue={value => set({ path: value })}
          mono
        />
      )}
      {bridge.carrier === 'ssh' && (
        <TextField name="user" path={here} value={bridge.user} onValue={user => set({ user })} mono />
      )}
      {hasHost && (
        <div className="setting-host">
          <TextField
            name="host"
            path={here}
            value={bridge.host}
            onValue={host => set({ host })}
            {...(bridge.carrier !== 'ssh' && { placeholder: 'localhost' })}
            mono
          />
          <TextField
            name="port"
            path={here}
            value={bridge.port}
            onValue={port => set({ port })}
            placeholder={bridge.carrier === 'ssh' ? '22' : '2321'}
            mono
          />
        </div>
      )}
      <FaultsOf path={[...path, 'bridge']} />
      {bridge.carrier === 'ssh' && (
        <>
          <TextField name="identityFile" path={[...path, 'ssh', 'identityFile']} mono />
          <TextField name="knownHostKey" path={[...path, 'ssh', 'knownHostKey']} mono />
        </>
      )}
      <TestFixture key={JSON.stringify(fixture)} session={session} id={String(fixture.id)} />
      <Choice name="handsFree" path={[...path, 'handsFree']} />
      <Group>
        <TextField name="connectSeconds" path={[...path, 'connectSeconds']} number placeholder="5" />
        <TextField name="commandSeconds" path={[...path, 'commandSeconds']} number placeholder="10" />
        <TextField name="harvestSeconds" path={[...path, 'harvestSeconds']} number placeholder="180" />
      </Group>
    </>
  );
}

function TestFixture({ session, id }: { session: Session; id: string }) {
  const { t } = useTranslation();
  const { draft, disabled } = useContext(FormContext);
  const { test, refused, ask } = useAsked<FixtureTest>();
  return (
    <div className="setting-test" aria-live="polite">
      <button
        type="button"
        className="button"
        disabled={disabled}
        onClick={() => ask(() => session.testFixture({ settings: draft, fixture: id }))}
      >
        {t(test === 'asked' ? 'settings/fixtures/testing' : 'settings/fixtures/test')}
      </button>
      {typeof test === 'object' &&
        (test.found ? (
          <FoundTpm test={test} />
        ) : (
          <Refusal name={`verdict/${test.code}`} detail={test.detail} />
        ))}
      {refused && <Refusal name={refused} />}
    </div>
  );
}

function FoundTpm({ test: { tpm, ms } }: { test: Extract<FixtureTest, { found: true }> }) {
  const { t } = useTranslation();
  return (
    <div className="setting-found">
      <p className={tpm.fit ? 'setting-good' : undefined}>
        {tpm.fit && <VerdictSymbol verdict="passed" className="setting-sign" />}
        <b>{t('settings/fixtures/found', { maker: tpm.manufacturer, vendor: tpm.vendor })}</b>
      </p>
      <Facts
        facts={[
          [t('settings/fixtures/facts/firmware'), tpm.firmware],
          [
            t('settings/fixtures/facts/keys'),
            tpm.keys.length === 0
              ? t('settings/fixtures/noKeys')
              : tpm.keys.map(({ handle, template }) => `${handle} ${template}`).join(', '),
          ],
          [t('settings/fixtures/facts/certificates'), String(tpm.certificates)],
          [
            t('settings/fixtures/facts/fit'),
            tpm.fit
              ? t('settings/fixtures/fits')
              : `${t('settings/fixtures/unfit')}: ${tpm.reasons.join('; ')}`,
          ],
          [t('settings/fixtures/facts/time'), `${ms} ms`],
        ]}
      />
      {tpm.isSimulator && <p>{t('settings/fixtures/simulator')}</p>}
    </div>
  );
}

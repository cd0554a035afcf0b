/**
 * The Settings screen, for supervisors and engineers: sections at the side, one form of one column, and one Save that says what
 * changes before it is done. The station judges every change while it is made; nothing is half-saved.
 */
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { InHeader } from '../frame/in-header.tsx';
import type { ScreenProps } from '../frame/screen.ts';
import { Attention } from '../parts/attention.tsx';
import { NoticeBar } from '../parts/notice.tsx';
import { Triangle } from '../parts/symbols.tsx';
import { useKeyLayer } from '../scan/key-layers.ts';
import { DpsSection } from './dps-section.tsx';
import { FixturesSection } from './fixtures-section.tsx';
import { type Form, FormContext } from './form.tsx';
import { goToNextField } from './next-field.ts';
import { ProductsSection } from './products-section.tsx';
import { RecordsSection } from './records-section.tsx';
import { SaveDialog } from './save-dialog.tsx';
import { ShiftsSection } from './shifts-section.tsx';
import { StationSection } from './station-section.tsx';
import { TrustSection } from './trust-section.tsx';
import { useFieldScans } from './use-field-scans.ts';
import { useSettings } from './use-settings.ts';
import './settings.css';

const sections = ['station', 'shifts', 'fixtures', 'products', 'dps', 'trust', 'records'] as const;
type Section = (typeof sections)[number];

/** Where a fault belongs: the section of its place, the longest that is named. */
const sectionOf: Readonly<Record<string, Section>> = {
  'station.shifts': 'shifts',
  'station.goldenCheck': 'shifts',
  fixtures: 'fixtures',
  products: 'products',
  currentProduct: 'products',
  dps: 'dps',
  trustStore: 'trust',
  audit: 'records',
  backup: 'records',
  courier: 'records',
};

function sectionAt([first, second]: readonly (string | number)[]): Section {
  return sectionOf[`${first}.${second}`] ?? sectionOf[String(first)] ?? 'station';
}

const nothing = {};

export function SettingsScreen({ session, view, lost }: ScreenProps) {
  const { t } = useTranslation();
  const asks = view.who !== undefined;
  const settings = useSettings(session, asks && !lost);
  // The first thing that a station needs.
  const [section, setSection] = useState<Section>(view.fixtures.length === 0 ? 'fixtures' : 'station');
  const [isSaving, setSaving] = useState(false);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState(false);
  const { draft, check, isChanged, isJudging, isTooLarge } = settings;
  const disabled = lost || !settings.view;
  const saved = settings.view?.settings ?? nothing;
  const form = useMemo<Form>(
    () => ({
      saved,
      draft,
      faults: check.faults,
      disabled,
      change: to => {
        setSaid(false);
        settings.change(to);
      },
    }),
    [saved, draft, check.faults, disabled, settings.change],
  );
  useFieldScans();
  // By key, or as the screen opens: keys then go on where one wants to write.
  const body = useRef<HTMLDivElement>(null);
  const [enters, setEnters] = useState(true);
  const step = (by: number) => {
    const to = sections[sections.indexOf(section) + by];
    if (!to) return;
    setSection(to);
    setEnters(true);
  };
  useEffect(() => {
    if (!enters || disabled) return;
    setEnters(false);
    body.current?.querySelector<HTMLElement>('.settings-form :is(input, button, textarea):enabled')?.focus();
  }, [enters, disabled]);
  const wrong = check.faults.length > 0 || check.isOutdated;
  const canSave = isChanged && !isJudging && !disabled && !isTooLarge && !wrong;
  useKeyLayer({
    onKey(event) {
      if (document.querySelector('dialog[open]')) return false;
      if (event.key === 'F1') setSaving(canSave);
      // A Hangul syllable that is being put together ends with that Enter, and is no whole value yet.
      else if (event.key === 'Enter') return !event.isComposing && goToNextField();
      else if (event.key === 'PageUp') step(-1);
      else if (event.key === 'PageDown') step(1);
      else return false;
      return true;
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another section begins at its top
  useEffect(() => {
    body.current?.scrollTo(0, 0);
  }, [section]);

  if (!asks)
    return (
      <main className="settings-none">
        <p>{t('settings/nobody')}</p>
      </main>
    );
  const wrongIn = (each: Section) => check.faults.filter(({ path }) => sectionAt(path) === each).length;
  return (
    <main className="settings">
      <InHeader place="actions">
        <div className="setting-acts">
          <button
            type="button"
            className="button"
            disabled={!isChanged || disabled}
            onClick={settings.takeBack}
          >
            {t('settings/takeBack')}
          </button>
          <button
            type="button"
            className="button button-main"
            disabled={!canSave}
            onClick={() => setSaving(true)}
          >
            {t('settings/save')} <kbd>F1</kbd>
          </button>
        </div>
      </InHeader>
      <InHeader place="words">
        {settings.refused && !isSaving && (
          <NoticeBar notice={{ card: settings.refused }} onClose={settings.clearRefusal} />
        )}
      </InHeader>
      <nav className="settings-sections" aria-label={t('screens/settings/title')}>
        {sections.map(each => (
          <button
            key={each}
            type="button"
            className="button"
            aria-current={each === section ? 'page' : undefined}
            onClick={() => setSection(each)}
          >
            {t(`settings/sections/${each}`)}
            {wrongIn(each) > 0 && (
              <>
                <Triangle className="setting-sign" />
                <span className="unseen">{t('settings/faults', { count: wrongIn(each) })}</span>
              </>
            )}
          </button>
        ))}
        <p className="settings-elsewhere">{t('settings/people')}</p>
        <p className="settings-state" role="status">
          {said && !isChanged && <span className="setting-good">{t('settings/saved')}</span>}
          {check.faults.length > 0 && (
            <span className="setting-fault">{t('settings/faults', { count: check.faults.length })}</span>
          )}
          {isChanged && check.changes.length > 0 && (
            <span>{t('settings/saveCount', { count: check.changes.length })}</span>
          )}
          {!said && !isChanged && check.faults.length === 0 && <span>{t('settings/noChanges')}</span>}
        </p>
      </nav>
      <div className="settings-body" ref={body}>
        {check.isOutdated && (
          <div className="settings-outdated">
            <Attention title={t('settings/outdated')} role="alert">
              <span>{t('settings/outdatedWhat')}</span>
            </Attention>
            <button type="button" className="button" onClick={() => void settings.load()}>
              {t('settings/loadTheirs')}
            </button>
          </div>
        )}
        {isTooLarge && <p className="setting-fault">{t('settings/tooLarge')}</p>}
        <FormContext value={form}>
          <div className="settings-form" data-section={section}>
            <h2>{t(`settings/sections/${section}`)}</h2>
            {section === 'station' && <StationSection />}
            {section === 'fixtures' && <FixturesSection session={session} />}
            {section === 'dps' && (
              <DpsSection session={session} dpsKey={settings.view?.dpsKey} isChanged={isChanged} />
            )}
            {section === 'products' && <ProductsSection session={session} />}
            {section === 'trust' && <TrustSection session={session} />}
            {section === 'shifts' && <ShiftsSection />}
            {section === 'records' && <RecordsSection />}
          </div>
        </FormContext>
      </div>
      {isSaving && (
        <FormContext value={form}>
          <SaveDialog
            changes={check.changes}
            busy={busy}
            refused={settings.refused}
            onClose={() => setSaving(false)}
            onSave={async () => {
              setBusy(true);
              const isDone = await settings.save();
              setBusy(false);
              setSaid(isDone);
              if (isDone || check.isOutdated) setSaving(false);
            }}
          />
        </FormContext>
      )}
    </main>
  );
}

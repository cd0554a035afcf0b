/** The Devices screen: one question, one table that may hold millions, and beside it the whole history of one device. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceHistory, DeviceQuestion, FoundDevice } from '../../src/api/contract.ts';
import { PassportDialog } from '../audit/passport-dialog.tsx';
import { auditRoles } from '../audit/who-may.ts';
import { maySee, type ScreenProps } from '../frame/screen.ts';
import { callCard, useCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { LongTable } from '../parts/long-table.tsx';
import { Nothing } from '../parts/nothing.tsx';
import { useKeyLayer } from '../scan/key-layers.ts';
import { typedText } from '../scan/typed-text.ts';
import { ActDialog, type ChosenAct } from './act-dialog.tsx';
import { DevicePanel } from './device-panel.tsx';
import { longestText, type Search, SearchBox, type Span } from './search-box.tsx';
import { useDeviceColumns } from './use-device-columns.tsx';
import { type DeviceSearch, useDeviceSearch } from './use-device-search.ts';
import './devices-screen.css';

const everything: Search = { text: '', enrollment: 'any', span: 'ever' };
const deviceId = (device: FoundDevice) => device.deviceId;

export function DevicesScreen({ session, view, lost, device }: ScreenProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState(device === undefined ? everything : { ...everything, text: device });
  const [opened, setOpened] = useState<string>();
  const [chosen, setChosen] = useState<ChosenAct>();
  const [passport, setPassport] = useState<DeviceHistory>();
  /** Counts what was done to devices, after which the panel is read anew. */
  const [deeds, setDeeds] = useState(0);
  /** A serial that came whole: if it is one device's, that device is opened as soon as it is found. */
  const wanted = useRef(device);
  const place = useRef<HTMLElement>(null);
  const question = useMemo(() => questionOf(search), [search]);
  const found = useDeviceSearch(session, question, lost);
  const columns = useDeviceColumns(opened !== undefined);

  const look = (next: Search) => {
    wanted.current = undefined;
    setSearch(next);
  };
  const openWanted = useCallback(({ answers, rows: [first, second] }: DeviceSearch) => {
    if (wanted.current === undefined || answers?.text !== wanted.current) return;
    wanted.current = undefined;
    if (first?.serial === answers.text && second?.serial !== first.serial) setOpened(first.deviceId);
  }, []);
  const enter = (text: string) => {
    wanted.current = text.trim();
    setSearch(before => (before.text === text ? before : { ...before, text }));
    openWanted(found);
  };
  const focusTable = () =>
    place.current?.querySelector<HTMLElement>('[data-row][tabindex="0"]')?.focus({ preventScroll: true });
  const close = () => {
    setOpened(undefined);
    focusTable();
  };

  useEffect(() => openWanted(found), [found, openWanted]);

  useKeyLayer({
    onWedge(event) {
      if (chosen || passport) return true;
      // What was typed is in the field already; a scan takes the place of what was there.
      if (event.kind === 'scan' && !lost) enter(event.text.slice(0, longestText));
      else if (event.kind === 'typed' || (event.kind === 'number' && event.entered)) enter(search.text);
      return true;
    },
    onKey(event) {
      if (chosen || passport) return false;
      if (event.code === 'Escape') {
        if (opened !== undefined) close();
        else if (search !== everything) look(everything);
        else return false;
        return true;
      }
      if (event.code === 'ArrowDown' && !place.current?.contains(document.activeElement)) {
        focusTable();
        return true;
      }
      if (event.code === 'Enter' && isAtSearch(document.activeElement)) {
        enter(search.text);
        return true;
      }
      const text = lost ? undefined : typedText(search.text, event, longestText);
      if (text === undefined) return false;
      look({ ...search, text });
      return true;
    },
  });

  return (
    <main className="devices" aria-label={t('screens/devices/title')}>
      <SearchBox search={search} disabled={lost} onSearch={look} />
      <div className="devices-found" data-opened={opened === undefined ? undefined : ''}>
        <section className="devices-list" ref={place} aria-label={t('devices/found')}>
          {found.rows.length === 0 ? (
            <NoneFound found={found} />
          ) : (
            <LongTable
              key={JSON.stringify(found.answers)}
              label={t('devices/found')}
              columns={columns}
              rows={found.rows}
              keyOf={deviceId}
              more={found.more && !found.failure}
              onMore={found.loadMore}
              onOpen={device => setOpened(device.deviceId)}
              toneOf={device => toneOf(device, opened)}
            />
          )}
          <Standing found={found} />
        </section>
        {opened !== undefined && (
          <DevicePanel
            key={`${opened} ${deeds}`}
            session={session}
            deviceId={opened}
            lost={lost}
            onOpen={setOpened}
            onSearch={text => look({ ...everything, text })}
            onAct={setChosen}
            onPassport={maySee({ roles: auditRoles }, view.who) ? setPassport : undefined}
            onClose={close}
          />
        )}
      </div>
      {passport && (
        <PassportDialog
          session={session}
          device={passport}
          lost={lost}
          onClose={() => setPassport(undefined)}
        />
      )}
      {chosen && (
        <ActDialog
          {...chosen}
          session={session}
          view={view}
          lost={lost}
          onDone={deviceId => {
            setOpened(deviceId);
            setDeeds(deeds + 1);
          }}
          onClose={() => setChosen(undefined)}
        />
      )}
    </main>
  );
}

function toneOf({ deviceId, retired }: FoundDevice, opened: string | undefined): string | undefined {
  if (deviceId === opened) return 'opened';
  return retired === null ? undefined : 'retired';
}

function NoneFound({ found }: { found: DeviceSearch }) {
  const { t } = useTranslation();
  const searching = found.answers === undefined || found.busy;
  if (searching)
    return (
      <Nothing>
        <p>{t('devices/looking')}</p>
      </Nothing>
    );
  const asked = found.answers?.text !== '';
  return (
    <Nothing title={t(asked ? 'devices/none' : 'devices/empty')}>
      <p>{t(asked ? 'devices/noneWhat' : 'devices/emptyWhat')}</p>
    </Nothing>
  );
}

/** How far the search is, told also to those who hear the screen. */
function Standing({ found }: { found: DeviceSearch }) {
  const { t } = useTranslation();
  const card = useCard();
  const format = useFormat();
  if (found.failure)
    return (
      <div className="devices-standing" role="alert">
        <span>{card(callCard(found.failure)).what}</span>
        <button type="button" className="button" onClick={found.loadMore}>
          {t('devices/again')}
        </button>
      </div>
    );
  const count = found.rows.length;
  const said = { count, formatted: format.number(count) };
  const words = found.more ? t('devices/first', said) : t('devices/all', said);
  return (
    <p className="devices-standing" role="status">
      {found.busy ? t('devices/looking') : count === 0 ? '' : words}
    </p>
  );
}

function questionOf({ text, enrollment, span }: Search): DeviceQuestion {
  const since = sinceOf(span);
  return {
    text: text.trim(),
    ...(enrollment !== 'any' && { enrollment }),
    ...(since !== undefined && { since }),
  };
}

/** From a local midnight on. */
function sinceOf(span: Span): number | undefined {
  if (span === 'ever') return undefined;
  const now = new Date();
  const days = { today: 0, week: 6, month: 29 }[span];
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days).getTime();
}

/** In the field, or nowhere: on a button or a row, Enter is theirs. */
function isAtSearch(focused: Element | null): boolean {
  return focused === null || focused === document.body || focused.matches('.device-search-text');
}

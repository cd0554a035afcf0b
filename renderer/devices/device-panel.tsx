/** One device with its whole history, newest first: what it is, where it came from and went, and all that was ever tried. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceFacts, DeviceHistory, OpenDeviceAct } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { callCard, useCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { Archives } from '../parts/archives.tsx';
import { type Fact, Facts } from '../parts/facts.tsx';
import type { ChosenAct } from './act-dialog.tsx';
import { Timeline } from './timeline.tsx';
import { certificateWord } from './use-device-columns.tsx';
import './device-panel.css';

interface DevicePanelProps {
  readonly session: Session;
  readonly deviceId: string;
  readonly lost: boolean;
  readonly onOpen: (deviceId: string) => void;
  readonly onSearch: (text: string) => void;
  readonly onAct: (chosen: ChosenAct) => void;
  /** Absent where who is here may not write one. */
  readonly onPassport: ((device: DeviceHistory) => void) | undefined;
  readonly onClose: () => void;
}

type Shown =
  | { readonly kind: 'reading' | 'unknown' }
  | { readonly kind: 'device'; readonly device: DeviceHistory; readonly acts: readonly OpenDeviceAct[] }
  | { readonly kind: 'failed'; readonly failure: unknown };

export function DevicePanel({
  session,
  deviceId,
  lost,
  onOpen,
  onSearch,
  onAct,
  onPassport,
  onClose,
}: DevicePanelProps) {
  const { t } = useTranslation();
  const card = useCard();
  const [shown, setShown] = useState<Shown>({ kind: 'reading' });
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    if (lost) return;
    let wanted = true;
    const show = (next: Shown) => wanted && setShown(next);
    session.showDevice({ id: deviceId }).then(
      answer =>
        show(answer.ok ? { kind: 'device', device: answer.device, acts: answer.acts } : { kind: 'unknown' }),
      failure => show({ kind: 'failed', failure }),
    );
    return () => {
      wanted = false;
    };
  }, [session, deviceId, lost]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys
    <aside className="device-panel" ref={panel} tabIndex={0} aria-label={t('devices/history')}>
      <div className="device-panel-head">
        <h2 className={shown.kind === 'device' ? 'unseen' : undefined}>{t('devices/history')}</h2>
        {shown.kind === 'device' && (
          <p className="device-serial mono">{shown.device.serial ?? t('tile/noSerial')}</p>
        )}
        <button type="button" className="button button-bare" onClick={onClose}>
          {t('close')} <kbd>Esc</kbd>
        </button>
      </div>
      {shown.kind === 'reading' && <p role="status">{t('devices/looking')}</p>}
      {shown.kind === 'unknown' && <p role="alert">{t('devices/unknown')}</p>}
      {shown.kind === 'failed' && <p role="alert">{card(callCard(shown.failure)).what}</p>}
      {shown.kind === 'device' && (
        <Device device={shown.device} onOpen={onOpen} onSearch={onSearch}>
          <Acts {...shown} lost={lost} onAct={onAct} onPassport={onPassport} />
        </Device>
      )}
    </aside>
  );
}

interface ActsProps extends Pick<DevicePanelProps, 'lost' | 'onAct' | 'onPassport'> {
  readonly device: DeviceHistory;
  readonly acts: readonly OpenDeviceAct[];
}

function Acts({ device, acts, lost, onAct, onPassport }: ActsProps) {
  const { t } = useTranslation();
  if (acts.length === 0 && !onPassport) return null;
  return (
    <section className="device-acts" aria-label={t('act/decide')}>
      {acts.map(act => (
        <button
          key={act.verb}
          type="button"
          className="button"
          disabled={lost}
          onClick={() => onAct({ device, act })}
        >
          {t(`devices/acts/${act.verb}/name`)}
        </button>
      ))}
      {onPassport && (
        <button type="button" className="button" disabled={lost} onClick={() => onPassport(device)}>
          {t('audit/passport/open')}
        </button>
      )}
    </section>
  );
}

interface DeviceProps extends Pick<DevicePanelProps, 'onOpen' | 'onSearch'> {
  readonly device: DeviceHistory;
  /** What stands before its timeline. */
  readonly children: ReactNode;
}

function Device({ device, onOpen, onSearch, children }: DeviceProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { workOrder } = device;
  const order = (text: string) => (
    <button type="button" className="button" onClick={() => onSearch(text)}>
      {text}
    </button>
  );
  const facts: Fact[] = [
    [t('devices/column/product'), device.product],
    [t('devices/column/workOrder'), workOrder === null ? undefined : order(workOrder)],
    [
      t('devices/column/certificate'),
      [certificateWord(t, device.certificate), device.certificateDetail].filter(Boolean).join(': '),
    ],
    [t('devices/column/recorded'), format.date(device.recordedAt)],
  ];
  const mono = (text: string) => <span className="mono">{text}</span>;
  const ids: Fact[] = [
    [t('detail/registrationId'), mono(device.registrationId)],
    [t('detail/ekSha256'), mono(inGroups(device.ekSha256))],
    [t('devices/template'), device.ekTemplate],
    [t('devices/id'), mono(device.deviceId)],
  ];
  return (
    <>
      {device.retired && (
        <p className="device-retired">{t('devices/retiredBecause', { reason: device.retired.reason })}</p>
      )}
      <Facts facts={facts} />
      <details className="device-ids">
        <summary>{t('devices/ids')}</summary>
        <Facts facts={ids} />
      </details>
      <Line title={t('devices/goesOnFrom')} devices={device.predecessors} onOpen={onOpen} />
      <Line title={t('devices/wentOnAs')} devices={device.successors} onOpen={onOpen} />
      {children}
      <Archives archives={device.archives} />
      <h3>{t('devices/timeline')}</h3>
      <Timeline device={device} />
    </>
  );
}

interface LineProps extends Pick<DevicePanelProps, 'onOpen'> {
  readonly title: string;
  readonly devices: readonly DeviceFacts[];
}

function Line({ title, devices, onOpen }: LineProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (devices.length === 0) return null;
  return (
    <section className="device-line" aria-label={title}>
      <h3>{title}</h3>
      {devices.map(({ deviceId, serial, recordedAt }) => (
        <button key={deviceId} type="button" className="button" onClick={() => onOpen(deviceId)}>
          <span className="mono">{serial ?? t('tile/noSerial')}</span> {format.date(recordedAt)}
        </button>
      ))}
    </section>
  );
}

/** Groups of eight, which people can compare. */
function inGroups(hex: string): string {
  return hex.replaceAll(/.{8}(?=.)/g, '$& ');
}

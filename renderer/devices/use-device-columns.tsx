/** What the table shows of a device: less beside an open history. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FoundDevice } from '../../src/api/contract.ts';
import type { en } from '../messages/en.ts';
import { useFormat } from '../messages/format.ts';
import type { LongTableColumn } from '../parts/long-table.tsx';

export function useDeviceColumns(narrow: boolean): readonly LongTableColumn<FoundDevice>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(() => {
    const column = (
      key: keyof typeof en.devices.column,
      width: string,
      cell: LongTableColumn<FoundDevice>['cell'],
    ) => ({ key, width, cell, heading: t(`devices/column/${key}`) });
    const standing = (device: FoundDevice) => {
      if (device.retired !== null) return t('devices/left');
      if (device.enrollment === null) return t('devices/notAsked');
      const settled = device.enrollment === 'enrolled' && device.operation !== null;
      return settled ? t(`devices/done/${device.operation}`) : t(`devices/state/${device.enrollment}`);
    };
    const mono = (text: string) => <span className="mono">{text}</span>;
    const serial = column('serial', 'minmax(11rem, 1.6fr)', device => mono(device.serial ?? t('foot/none')));
    const enrollment = column('enrollment', 'minmax(7rem, 1fr)', device => (
      <span className="device-standing" data-state={device.retired === null ? device.enrollment : 'retired'}>
        {standing(device)}
      </span>
    ));
    const recorded = column('recorded', '12rem', device => (
      <span className="figures">{format.date(device.recordedAt)}</span>
    ));
    if (narrow) return [serial, enrollment, recorded];
    return [
      serial,
      column('product', 'minmax(6rem, 1fr)', device => device.product),
      column('workOrder', 'minmax(6rem, 1fr)', device => device.workOrder ?? t('foot/none')),
      enrollment,
      column('certificate', 'minmax(7rem, 1fr)', device => certificateWord(t, device.certificate)),
      recorded,
    ];
  }, [t, format, narrow]);
}

type CertificateWord = keyof typeof en.devices.certificate;

/** What the ledger says of a certificate comes as a word of its own; an unknown one is shown as it is. */
export function certificateWord(
  t: (path: `devices/certificate/${CertificateWord}`) => string,
  status: string,
): string {
  const known: readonly string[] = certificateWords;
  return known.includes(status) ? t(`devices/certificate/${status as CertificateWord}`) : status;
}

const certificateWords = [
  'verified',
  'unchecked',
  'untrusted',
  'revoked',
  'absent',
  'mismatch',
  'unreadable',
] as const satisfies CertificateWord[];

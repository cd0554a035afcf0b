/** The files of the trust store, each with the certificates and revocation lists in it and with what of it cannot be used and why. */
import { useTranslation } from 'react-i18next';
import type { TrustView } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';
import { Triangle } from '../parts/symbols.tsx';

interface TrustFilesProps {
  readonly trust: TrustView;
  /** Undefined: not now. */
  readonly onRemove: ((file: string) => void) | undefined;
}

export function TrustFiles({ trust: { certificates, lists, setAside }, onRemove }: TrustFilesProps) {
  const { t } = useTranslation();
  const all = [...certificates, ...lists, ...setAside];
  if (all.length === 0) return <p className="setting-what">{t('settings/trust/none')}</p>;
  const files = Map.groupBy(all, ({ file }) => file);
  const roots = certificates.filter(({ isAnchor }) => isAnchor).length;
  return (
    <>
      <p>
        {t('settings/trust/roots', { count: roots })} ·{' '}
        {t('settings/trust/intermediates', { count: certificates.length - roots })}
        {roots === 0 && <b> · {t('settings/trust/none')}</b>}
      </p>
      <ul className="setting-trust">
        {[...files].map(([file, parts]) => (
          <li key={file} className="setting-trusted">
            <ul>
              {parts.map(part => {
                if ('code' in part)
                  return (
                    <li key={part.code + part.detail}>
                      <span className="setting-fault setting-aside">
                        <Triangle className="setting-sign" /> {t('settings/trust/unusable')}.{' '}
                        {t(`trustFault/${part.code}`)}
                      </span>
                      <span className="setting-detail mono">{part.detail}</span>
                    </li>
                  );
                if ('issuer' in part)
                  return (
                    <li key={part.sha256}>
                      <b>{part.issuer}</b>
                      <Until what={t('settings/trust/list', { count: part.revoked })} at={part.nextUpdate} />
                    </li>
                  );
                return (
                  <li key={part.sha256}>
                    <b>{part.subject}</b>
                    <Until
                      what={t(part.isAnchor ? 'settings/trust/anchor' : 'settings/trust/intermediate')}
                      at={part.notAfter}
                    />
                  </li>
                );
              })}
              <li className="setting-detail mono">{file}</li>
            </ul>
            <button
              type="button"
              className="button"
              disabled={!onRemove || file === ''}
              aria-label={`${t('settings/remove')}: ${file}`}
              onClick={() => onRemove?.(file)}
            >
              {t('settings/remove')}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** @param at epoch milliseconds of its end, where it has one */
function Until({ what, at }: { what: string; at: number | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const isPast = at !== undefined && at < Date.now();
  return (
    <span className={isPast ? 'setting-fault' : 'setting-what'}>
      {what}
      {at !== undefined &&
        ` · ${t(isPast ? 'settings/trust/expired' : 'settings/trust/until', { day: format.day(at) })}`}
    </span>
  );
}

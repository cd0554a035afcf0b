/** The CA certificates of the TPM makers: which are there and until when, what cannot be used and why; a file more, a file less. */
import { useCallback, useContext, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingsRefusal, TrustView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { type CardName, callCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Card } from './fixtures-section.tsx';
import { FaultsOf, FormContext } from './form.tsx';
import { isTrustFault, settingsRefusal } from './refusal.ts';

/** Bytes; the station takes no more. */
const largestFile = 32_768;

type Answer = { readonly ok: true; readonly trust: TrustView } | SettingsRefusal;

export function TrustSection({ session }: { session: Session }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { disabled } = useContext(FormContext);
  const [trust, setTrust] = useState<TrustView>();
  const [refused, setRefused] = useState<CardName>();
  const [fault, setFault] = useState('');
  const [said, setSaid] = useState('');
  const [removing, setRemoving] = useState<string>();
  const picker = useRef<HTMLInputElement>(null);
  const ask = useCallback(
    async (work: () => Promise<Answer>, words = '') => {
      setRefused(undefined);
      setFault('');
      setSaid('');
      try {
        const answer = await work();
        if (answer.ok) {
          setTrust(answer.trust);
          setSaid(words);
        } else if (isTrustFault(answer.code)) setFault(t(`trustFault/${answer.code}`));
        else setRefused(settingsRefusal(answer.code));
      } catch (error) {
        setRefused(callCard(error));
      }
    },
    [t],
  );
  useEffect(() => {
    void ask(() => session.readTrust());
  }, [ask, session]);
  const add = async (file: File) => {
    if (file.size > largestFile) return setFault(t('trustFault/file-too-large'));
    const bytes = new Uint8Array(await file.arrayBuffer());
    const content = btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
    await ask(
      () => session.addTrusted({ name: file.name, content }),
      t('settings/trust/added', { file: file.name }),
    );
  };
  const row = (file: string, title: string, note: string, isWrong: boolean) => (
    <li key={file + title} className="setting-trusted">
      <span>
        <b>{title}</b>
        <span className={isWrong ? 'setting-fault' : 'setting-what'}>{note}</span>
        <span className="setting-detail mono">{file}</span>
      </span>
      <button
        type="button"
        className="button"
        disabled={disabled || file === ''}
        aria-label={`${t('settings/trust/remove')}: ${file}`}
        onClick={() => setRemoving(file)}
      >
        {t('settings/trust/remove')}
      </button>
    </li>
  );
  return (
    <>
      <p className="setting-what">{t('settings/trust/what')}</p>
      <FaultsOf path={['trustStore']} />
      {refused && <Card name={refused} />}
      {fault && (
        <p className="setting-fault" role="alert">
          {fault}
        </p>
      )}
      <p className="setting-good" role="status">
        {said}
      </p>
      <ul className="setting-trust">
        {trust?.certificates.map(({ file, subject, notAfter, isAnchor }) => {
          const isPast = notAfter < Date.now();
          const day = format.day(notAfter);
          const until = t(isPast ? 'settings/trust/expired' : 'settings/trust/until', { day });
          return row(
            file,
            subject,
            `${t(isAnchor ? 'settings/trust/anchor' : 'settings/trust/intermediate')} · ${until}`,
            isPast,
          );
        })}
        {trust?.setAside.map(({ file, code }) =>
          row(file, t('settings/trust/unusable'), t(`trustFault/${code}`), true),
        )}
        {trust?.certificates.length === 0 && <li className="setting-what">{t('settings/trust/none')}</li>}
      </ul>
      <div className="setting-acts">
        <input
          ref={picker}
          type="file"
          hidden
          accept=".pem,.crt,.cer,.der"
          onChange={event => {
            const [file] = event.target.files ?? [];
            if (file) void add(file);
            event.target.value = '';
          }}
        />
        <button type="button" className="button" disabled={disabled} onClick={() => picker.current?.click()}>
          + {t('settings/trust/add')}
        </button>
        <span className="setting-what">{t('settings/trust/addWhat')}</span>
      </div>
      {removing !== undefined && (
        <Dialog
          title={t('settings/trust/removeTitle', { file: removing })}
          onClose={() => setRemoving(undefined)}
        >
          <p>{t('settings/trust/removeWhat')}</p>
          <div className="dialog-actions">
            <button
              type="button"
              className="button button-main"
              data-first
              onClick={async () => {
                setRemoving(undefined);
                await ask(
                  () => session.removeTrusted({ file: removing }),
                  t('settings/trust/removed', { file: removing }),
                );
              }}
            >
              {t('settings/trust/remove')}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}

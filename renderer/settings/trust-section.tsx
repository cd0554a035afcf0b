/** The CA certificates of the TPM makers: which are there and until when, what cannot be used and why; a file more, a file less. */
import { useCallback, useContext, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingsRefusal, TrustView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { type CardName, callCard } from '../messages/card.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { valueAt } from './draft.ts';
import { FaultsOf, FormContext } from './form.tsx';
import { isTrustFault, settingsRefusal } from './refusal.ts';
import { TrustFiles } from './trust-files.tsx';

/** Bytes; the station takes no more. */
const largestFile = 32_768;

type Answer = { readonly ok: true; readonly trust: TrustView } | SettingsRefusal;

export function TrustSection({ session }: { session: Session }) {
  const { t } = useTranslation();
  const { draft, disabled } = useContext(FormContext);
  const fetches = valueAt(draft, ['trustFetch', 'automatic']) !== false;
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
          return true;
        }
        if (isTrustFault(answer.code)) setFault(t(`trustFault/${answer.code}`));
        else setRefused(settingsRefusal(answer.code));
      } catch (error) {
        setRefused(callCard(error));
      }
      return false;
    },
    [t],
  );
  useEffect(() => {
    void ask(() => session.readTrust());
  }, [ask, session]);
  const add = async (files: readonly File[]) => {
    for (const file of files) {
      if (file.size > largestFile) return setFault(`${file.name}: ${t('trustFault/file-too-large')}`);
      const bytes = new Uint8Array(await file.arrayBuffer());
      const content = btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
      const words = t('settings/trust/added', { file: file.name });
      if (!(await ask(() => session.addTrusted({ name: file.name, content }), words))) return;
    }
  };
  return (
    <>
      <p className="setting-what">{t('settings/trust/what')}</p>
      <FaultsOf path={['trustStore']} />
      {refused && <Refusal name={refused} />}
      {fault && (
        <p className="setting-fault" role="alert">
          {fault}
        </p>
      )}
      <p className="setting-good" role="status">
        {said}
      </p>
      {trust && <TrustFiles trust={trust} onRemove={disabled ? undefined : setRemoving} />}
      <div className="setting-acts">
        <input
          ref={picker}
          type="file"
          hidden
          multiple
          accept=".pem,.crt,.cer,.der,.crl"
          onChange={event => {
            void add([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
        <button type="button" className="button" disabled={disabled} onClick={() => picker.current?.click()}>
          + {t('settings/trust/add')}
        </button>
        <span className="setting-what">{t('settings/trust/addWhat')}</span>
      </div>
      {trust && (
        <p className="setting-file-only">
          {t('settings/trust/folder')} <span className="mono">{trust.folder}</span>.{' '}
          {t(fetches ? 'settings/trust/fetched' : 'settings/trust/unfetched')}
        </p>
      )}
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
              {t('settings/remove')}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}

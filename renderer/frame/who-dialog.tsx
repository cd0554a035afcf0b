/** Who wants to sign in: a badge is scanned, or an id typed. The field is driven by keys, not edited (scan/typed-text.ts). */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../parts/dialog.tsx';
import { KeyedField } from '../parts/keyed-field.tsx';
import { type Notice, NoticeBar } from '../parts/notice.tsx';
import { ScreenKeys } from '../parts/screen-keys.tsx';
import { useKeyLayer } from '../scan/key-layers.ts';
import { typedText } from '../scan/typed-text.ts';

interface WhoDialogProps {
  readonly notice: Notice | undefined;
  readonly onBadge: (text: string) => void;
  readonly onId: (id: string) => void;
  readonly onClose: () => void;
}

const longestId = 40;

export function WhoDialog({ notice, onBadge, onId, onClose }: WhoDialogProps) {
  const { t } = useTranslation();
  const [id, setId] = useState('');
  const submit = () => {
    if (id.trim() !== '') onId(id.trim());
  };
  useKeyLayer({
    badges: true,
    onWedge(event) {
      if (event.kind === 'scan') {
        setId('');
        onBadge(event.text);
      } else if (event.kind === 'typed' || event.kind === 'ambiguous') submit();
      else if (event.kind === 'number' && event.entered) submit();
      return true;
    },
    onKey(event) {
      if (event.key === 'Enter' && !document.activeElement?.closest('button')) {
        submit();
        return true;
      }
      const text = typedText(id, event, longestId);
      if (text === undefined) return false;
      setId(text);
      return true;
    },
  });
  return (
    <Dialog title={t('signIn/who')} onClose={onClose} className="entry">
      <p className="dialog-text">{t('signIn/whoWhat')}</p>
      <KeyedField label={t('signIn/id')} text={id} placeholder={t('signIn/id')} />
      {notice && <NoticeBar notice={notice} />}
      <ScreenKeys
        label={t('signIn/id')}
        onAdd={character => setId((id + character.toLowerCase()).slice(0, longestId))}
        onErase={() => setId(id.slice(0, -1))}
      />
      <div className="dialog-actions">
        <button
          type="button"
          className="button button-main entry-take"
          disabled={id.trim() === ''}
          onClick={submit}
        >
          {t('signIn/next')} <kbd>Enter</kbd>
        </button>
      </div>
    </Dialog>
  );
}

/**
 * Typing a serial by hand. The field is driven by keys, not edited: an input method has nothing to compose in, and a
 * scan that arrives meanwhile is recognised as one. Keys for gloves are on the screen.
 */
import { useTranslation } from 'react-i18next';
import { Dialog } from '../parts/dialog.tsx';
import { KeyedField } from '../parts/keyed-field.tsx';
import { type Notice, NoticeBar } from '../parts/notice.tsx';
import { ScreenKeys } from '../parts/screen-keys.tsx';

interface EntryDialogProps {
  readonly number: number;
  readonly text: string;
  readonly slow: boolean;
  readonly notice: Notice | undefined;
  readonly onEdit: (text: string) => void;
  readonly onTake: () => void;
  readonly onClose: () => void;
}

export const longestEntry = 128;

export function EntryDialog({ number, text, slow, notice, ...on }: EntryDialogProps) {
  const { t } = useTranslation();
  const add = (character: string) => {
    if (text.length < longestEntry) on.onEdit(text + character);
  };
  return (
    <Dialog title={t('entry/title', { number: String(number) })} onClose={on.onClose} className="entry">
      <KeyedField label={t('entry/label')} text={text} placeholder={t('entry/hint')} />
      <p className="entry-hint">
        {text.length >= longestEntry ? t('entry/full') : slow ? t('entry/confirm') : text && t('entry/hint')}
      </p>
      {notice && <NoticeBar notice={notice} />}
      <ScreenKeys label={t('entry/label')} onAdd={add} onErase={() => on.onEdit(text.slice(0, -1))} />
      <div className="dialog-actions">
        <button
          type="button"
          className="button button-main entry-take"
          disabled={text === ''}
          onClick={on.onTake}
        >
          {t('entry/take')} <kbd>Enter</kbd>
        </button>
      </div>
    </Dialog>
  );
}

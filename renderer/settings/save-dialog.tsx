/** What will be another, before it is: every change with what it was and what it becomes. */
import { useContext } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConfigurationChange } from '../../src/api/contract.ts';
import type { CardName } from '../messages/card.ts';
import { Dialog } from '../parts/dialog.tsx';
import { NoticeBar } from '../parts/notice.tsx';
import { changesInWords } from './change-words.ts';
import { FormContext } from './form.tsx';

interface SaveDialogProps {
  readonly changes: readonly ConfigurationChange[];
  readonly busy: boolean;
  readonly refused: CardName | undefined;
  readonly onSave: () => void;
  readonly onClose: () => void;
}

export function SaveDialog({ changes, busy, refused, onSave, onClose }: SaveDialogProps) {
  const { t } = useTranslation();
  const form = useContext(FormContext);
  return (
    <Dialog title={t('settings/saveTitle')} onClose={onClose} className="setting-save">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
      <ul className="setting-changes" tabIndex={0}>
        {changesInWords(changes, form, t).map(({ what, before, after }) => (
          <li key={what + before + after}>
            <b>{what}</b>
            <span className="setting-change">
              {before !== undefined && (
                <>
                  <span className="unseen">{t('settings/was')} </span>
                  <span className="setting-before">{before}</span>
                </>
              )}
              {before !== undefined && after !== undefined && (
                <>
                  <span aria-hidden="true">→</span>
                  <span className="unseen">{t('settings/is')} </span>
                </>
              )}
              {after !== undefined && <span className="setting-after">{after}</span>}
            </span>
          </li>
        ))}
      </ul>
      <p className="setting-what">{t('settings/saveWhat')}</p>
      {refused && <NoticeBar notice={{ card: refused }} />}
      <button type="button" className="button button-main" data-first disabled={busy} onClick={onSave}>
        {t('settings/save')} · {t('settings/saveCount', { count: changes.length })}
      </button>
    </Dialog>
  );
}

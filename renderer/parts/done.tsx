/** What was done, in place of what was asked for: one sentence, and the way out. */
import { useTranslation } from 'react-i18next';
import { TickInCircle } from './symbols.tsx';
import './desk.css';

export function Done({ text, onClose }: { text: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="desk-done">
      <p role="status">
        <TickInCircle className="desk-done-symbol" />
        {text}
      </p>
      {/* biome-ignore lint/a11y/noAutofocus: the button that was pressed is gone, and this is the only thing to do */}
      <button type="button" className="button button-main" autoFocus onClick={onClose}>
        {t('close')}
      </button>
    </div>
  );
}

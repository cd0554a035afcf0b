/** Keys on the screen for fingers. The keyboard has its own, so these take no focus away from the field. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import './screen-keys.css';

interface ScreenKeysProps {
  readonly label: string;
  readonly onAdd: (character: string) => void;
  readonly onErase: () => void;
}

const rows = ['1234567890', 'QWERTYUIOP', 'ASDFGHJKL-', 'ZXCVBNM._/'];

export function ScreenKeys({ label, onAdd, onErase }: ScreenKeysProps) {
  const { t } = useTranslation();
  const [small, setSmall] = useState(false);
  return (
    <fieldset className="keys" aria-label={label} onMouseDown={event => event.preventDefault()}>
      {rows.flatMap(row =>
        [...row].map(key => {
          const character = small ? key.toLowerCase() : key;
          return (
            <button
              key={key}
              type="button"
              className="button key"
              tabIndex={-1}
              onClick={() => onAdd(character)}
            >
              {character}
            </button>
          );
        }),
      )}
      <button type="button" className="button key-wide" tabIndex={-1} onClick={() => setSmall(!small)}>
        {t(small ? 'entry/unshift' : 'entry/shift')}
      </button>
      <button type="button" className="button key-wide" tabIndex={-1} onClick={() => onAdd(' ')}>
        {t('entry/space')}
      </button>
      <button type="button" className="button key-wide" tabIndex={-1} onClick={onErase}>
        {t('entry/erase')}
      </button>
    </fieldset>
  );
}

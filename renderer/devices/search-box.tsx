/**
 * The question: a field that takes scans and typing wherever the focus is, what of the enrollment, and since when. The field
 * is driven by keys and not edited, like that of a serial; fingers have keys on the screen.
 */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ScreenKeys } from '../parts/screen-keys.tsx';
import './search-box.css';

export const enrollments = ['any', 'queued', 'enrolled', 'conflict', 'quarantined'] as const;
export type EnrollmentFilter = (typeof enrollments)[number];
export const spans = ['ever', 'today', 'week', 'month'] as const;
export type Span = (typeof spans)[number];

export interface Search {
  readonly text: string;
  readonly enrollment: EnrollmentFilter;
  readonly span: Span;
}

interface SearchBoxProps {
  readonly search: Search;
  readonly disabled: boolean;
  readonly onSearch: (search: Search) => void;
}

export const longestText = 128;

export function SearchBox({ search, disabled, onSearch }: SearchBoxProps) {
  const { t } = useTranslation();
  const [keys, setKeys] = useState(false);
  const { text } = search;
  const write = (next: string) => onSearch({ ...search, text: next.slice(0, longestText) });
  return (
    <search className="device-search">
      <div className="device-search-line">
        <input
          className="mono device-search-text"
          readOnly
          value={text}
          aria-label={t('devices/label')}
          placeholder={t('devices/hint')}
          autoComplete="off"
        />
        <button type="button" className="button" disabled={text === ''} onClick={() => write('')}>
          {t('devices/clear')}
        </button>
        <button type="button" className="button" aria-pressed={keys} onClick={() => setKeys(!keys)}>
          {t('devices/keys')}
        </button>
      </div>
      {keys ? (
        <div className="device-search-keys">
          <ScreenKeys
            label={t('devices/label')}
            onAdd={character => !disabled && write(text + character)}
            onErase={() => !disabled && write(text.slice(0, -1))}
          />
        </div>
      ) : (
        <div className="device-filters">
          <Choice
            label={t('devices/enrollment')}
            all={enrollments}
            chosen={search.enrollment}
            word={each => t(`devices/only/${each}`)}
            onChoose={enrollment => onSearch({ ...search, enrollment })}
          />
          <Choice
            label={t('devices/recorded')}
            all={spans}
            chosen={search.span}
            word={each => t(`devices/span/${each}`)}
            onChoose={span => onSearch({ ...search, span })}
          />
        </div>
      )}
    </search>
  );
}

interface ChoiceProps<Each extends string> {
  readonly label: string;
  readonly all: readonly Each[];
  readonly chosen: Each;
  readonly word: (each: Each) => string;
  readonly onChoose: (each: Each) => void;
}

function Choice<Each extends string>({ label, all, chosen, word, onChoose }: ChoiceProps<Each>) {
  return (
    <fieldset className="device-choice" aria-label={label}>
      {all.map(each => (
        <button
          key={each}
          type="button"
          className="button"
          aria-pressed={each === chosen}
          onClick={() => onChoose(each)}
        >
          {word(each)}
        </button>
      ))}
    </fieldset>
  );
}

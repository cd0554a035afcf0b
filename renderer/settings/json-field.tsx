/** A setting that may be any JSON object: its text, with the line where it is none yet. What is no JSON stays as it is typed and is not saved. */
import { useContext, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Path, valueAt, withValue } from './draft.ts';
import type { FieldName } from './fields.ts';
import { FaultsOf, FormContext, useFaults } from './form.tsx';
import { type JsonReading, readJsonText } from './json-text.ts';

interface JsonFieldProps {
  readonly name: FieldName;
  readonly path: Path;
  readonly placeholder: string;
}

export function JsonField({ name, path, placeholder }: JsonFieldProps) {
  const { t } = useTranslation();
  const { draft, disabled, change } = useContext(FormContext);
  const id = useId();
  const value = valueAt(draft, path);
  // As it was typed, as long as the draft has what came of it.
  const [typed, setTyped] = useState<{ readonly text: string; readonly reading: JsonReading }>();
  const isTyped = typed !== undefined && typed.reading.value === value;
  const text = isTyped ? typed.text : textOf(value);
  const fault = isTyped ? typed.reading.fault : undefined;
  const wrong = useFaults(path).length > 0 || fault !== undefined;
  return (
    <div className="setting">
      <label htmlFor={id}>{t(`settings/field/${name}/label`)}</label>
      <textarea
        id={id}
        className="mono"
        value={text}
        rows={Math.min(12, Math.max(3, text.split('\n').length))}
        disabled={disabled}
        placeholder={placeholder}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={30_000}
        aria-invalid={wrong || undefined}
        aria-describedby={`${id}-what ${id}-wrong`}
        onChange={event => {
          const reading = readJsonText(event.target.value);
          setTyped({ text: event.target.value, reading });
          change(settings => withValue(settings, path, reading.value));
        }}
      />
      <span className="setting-what" id={`${id}-what`}>
        {t(`settings/field/${name}/what`)}
      </span>
      {fault ? (
        <span className="setting-fault" id={`${id}-wrong`} role="alert">
          {fault === 'unfinished' ? t('settings/json/unfinished') : t('settings/json/wrong', fault)}
        </span>
      ) : (
        <FaultsOf path={path} id={`${id}-wrong`} />
      )}
    </div>
  );
}

const textOf = (value: unknown) =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 2);

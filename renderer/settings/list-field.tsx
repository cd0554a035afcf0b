/** A setting that is a list of texts: a row each, one more, one less. An empty list is none. */
import { useContext, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { type Path, valueAt, withValue } from './draft.ts';
import type { FieldName } from './fields.ts';
import { FaultLines, FormContext, OwnFaults, useFaults } from './form.tsx';
import { useRowFocus } from './use-row-focus.ts';

interface ListFieldProps {
  readonly name: FieldName;
  readonly path: Path;
  readonly add: string;
  readonly most: number;
  /** What one more begins with. */
  readonly next?: (list: readonly string[]) => string;
  readonly placeholder?: string;
  readonly short?: boolean;
}

export function ListField({ name, path, add, most, next, placeholder, short }: ListFieldProps) {
  const { t } = useTranslation();
  const { draft, disabled, change } = useContext(FormContext);
  const id = useId();
  const faults = useFaults(path);
  const value = valueAt(draft, path);
  const list = Array.isArray(value) ? value.map(String) : [];
  const { rows, adder, expect } = useRowFocus<HTMLUListElement>(list.length);
  const set = (to: readonly string[]) =>
    change(settings => withValue(settings, path, to.length === 0 ? undefined : to));
  const resize = (to: readonly string[]) => {
    expect();
    set(to);
  };
  const label = t(`settings/field/${name}/label`);
  return (
    <fieldset className="setting setting-list" aria-describedby={`${id}-what`}>
      <legend>{label}</legend>
      <ul ref={rows} className={short ? 'setting-rows setting-rows-short' : 'setting-rows'}>
        {list.map((text, index) => {
          const wrong = faults.filter(({ path: place }) => place[path.length] === index);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is what it is; texts may be empty or there twice
            <li key={index} data-row>
              <input
                className="mono"
                value={text}
                disabled={disabled}
                placeholder={placeholder}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                maxLength={260}
                aria-label={`${label} ${index + 1}`}
                aria-invalid={wrong.length > 0 || undefined}
                onChange={event => set(list.with(index, event.target.value))}
              />
              <button
                type="button"
                className="button"
                disabled={disabled}
                aria-label={`${t('settings/remove')}: ${label} ${index + 1}`}
                onClick={() => resize(list.toSpliced(index, 1))}
              >
                {short ? '×' : t('settings/remove')}
              </button>
              <FaultLines faults={wrong} />
            </li>
          );
        })}
        <li>
          <button
            type="button"
            className="button"
            ref={adder}
            disabled={disabled || list.length >= most}
            onClick={() => resize([...list, next?.(list) ?? ''])}
          >
            + {add}
          </button>
        </li>
      </ul>
      <span className="setting-what" id={`${id}-what`}>
        {t(`settings/field/${name}/what`)}
      </span>
      <OwnFaults path={path} />
    </fieldset>
  );
}

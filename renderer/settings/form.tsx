/**
 * The parts of a form of settings: one column; beside each field what it does, and under it in words what the station finds
 * wrong. A scan goes to the field in focus where that takes one (`scans`), and to none else: what it typed is taken back.
 */
import { createContext, type ReactNode, useContext, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConfigurationFault, Settings } from '../../src/api/contract.ts';
import { en } from '../messages/en.ts';
import { isSame, type Path, type Value, valueAt, withValue } from './draft.ts';
import { type FieldName, fieldAt, type OptionField, optionsOf } from './fields.ts';

export interface Form {
  /** As the station has them. */
  readonly saved: Settings;
  readonly draft: Settings;
  readonly faults: readonly ConfigurationFault[];
  readonly disabled: boolean;
  readonly change: (to: (settings: Settings) => Settings) => void;
}

export const FormContext = createContext<Form>({
  saved: {},
  draft: {},
  faults: [],
  disabled: true,
  change: () => {},
});

/** Of this place and of what lies in it, where no field of its own shows it. */
export function useFaults(path: Path): readonly ConfigurationFault[] {
  const { faults } = useContext(FormContext);
  return faults.filter(fault => path.every((part, index) => fault.path[index] === part));
}

export function useFaultWords(): (fault: ConfigurationFault) => string {
  const { t } = useTranslation();
  return ({ code, values, path }) => {
    const name = fieldAt(path) ?? fieldAt(path.slice(0, -1));
    if (code === 'format' && name !== undefined && name in en.settings.form)
      return t(`settings/form/${name as keyof typeof en.settings.form}`);
    if (values.above !== undefined) return t('settings/above', { number: values.above });
    // One path stands for all: every code has a sentence, and the values are those that it names.
    return t(`settingFault/${code}` as 'settingFault/missing', { nearest: '', ...values });
  };
}

export function FaultsOf({ path, id }: { path: Path; id?: string }) {
  return <FaultLines faults={useFaults(path)} id={id} />;
}

/** Of this place alone, where fields show those of what lies in it. */
export function OwnFaults({ path }: { path: Path }) {
  return <FaultLines faults={useFaults(path).filter(fault => fault.path.length === path.length)} />;
}

interface FaultLinesProps {
  readonly faults: readonly ConfigurationFault[];
  readonly id?: string | undefined;
}

export function FaultLines({ faults, id }: FaultLinesProps) {
  const words = useFaultWords();
  if (faults.length === 0) return null;
  return (
    <span className="setting-fault" id={id} role="alert">
      {faults.map(fault => (
        <span key={fault.path.join('.') + fault.code}>{words(fault)}</span>
      ))}
    </span>
  );
}

interface FieldProps {
  readonly name: FieldName;
  readonly path: Path;
  /** Where the value is no text of its own in the settings. */
  readonly value?: string;
  readonly onValue?: (value: string) => void;
  readonly number?: boolean;
  readonly mono?: boolean;
  readonly scans?: boolean;
  readonly placeholder?: string;
}

export function TextField({ name, path, value, onValue, number, mono, scans, placeholder }: FieldProps) {
  const { t } = useTranslation();
  const { draft, disabled, change } = useContext(FormContext);
  const id = useId();
  const wrong = useFaults(path).length > 0;
  const shown = value ?? textOf(valueAt(draft, path));
  const take = (text: string) => {
    if (onValue) onValue(text);
    else
      change(settings => withValue(settings, path, number ? numberOf(text) : text === '' ? undefined : text));
  };
  return (
    <div className="setting">
      <label htmlFor={id}>{t(`settings/field/${name}/label`)}</label>
      <input
        id={id}
        className={mono ? 'mono' : undefined}
        data-scan={scans || undefined}
        value={shown}
        disabled={disabled}
        placeholder={placeholder}
        inputMode={number ? 'decimal' : undefined}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={2000}
        aria-invalid={wrong || undefined}
        aria-describedby={`${id}-what ${id}-wrong`}
        onChange={event => take(event.target.value)}
      />
      <span className="setting-what" id={`${id}-what`}>
        {t(`settings/field/${name}/what`)}
      </span>
      <FaultsOf path={path} id={`${id}-wrong`} />
    </div>
  );
}

const textOf = (value: unknown) => (value === undefined || value === null ? '' : String(value));

/** What is no number stays as it is: the station says what is wrong with it. */
function numberOf(text: string): Value {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  return /^-?\d+(?:\.\d+)?$/.test(trimmed) ? Number(trimmed) : text;
}

interface OptionsProps {
  readonly name: FieldName;
  readonly path: Path;
  readonly options: readonly { readonly label: string; readonly value: Value }[];
  readonly now: unknown;
  readonly onValue: (value: Value) => void;
}

/** One of several, all of them to be seen. */
export function Options({ name, path, options, now, onValue }: OptionsProps) {
  const { t } = useTranslation();
  const { disabled } = useContext(FormContext);
  const group = useId();
  return (
    <fieldset className="setting setting-choice" aria-describedby={`${group}-what`}>
      <legend>{t(`settings/field/${name}/label`)}</legend>
      <div className="setting-options">
        {options.map(({ label, value }) => (
          <label key={label} className="button">
            <input
              type="radio"
              className="unseen"
              name={group}
              checked={isSame(now, value)}
              disabled={disabled}
              onChange={() => onValue(value)}
            />
            {label}
          </label>
        ))}
      </div>
      <span className="setting-what" id={`${group}-what`}>
        {t(`settings/field/${name}/what`)}
      </span>
      <FaultsOf path={path} />
    </fieldset>
  );
}

/** What may be chosen is in `fields.ts`. */
export function Choice({ name, path }: { readonly name: OptionField; readonly path: Path }) {
  const { t } = useTranslation();
  const { draft, change } = useContext(FormContext);
  return (
    <Options
      name={name}
      path={path}
      options={optionsOf(name)!.map(([label, value]) => ({ label: t(`settings/choice/${label}`), value }))}
      now={valueAt(draft, path)}
      onValue={value => change(settings => withValue(settings, path, value))}
    />
  );
}

export function Group({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className="setting-group">
      {title && <h3>{title}</h3>}
      {children}
    </section>
  );
}

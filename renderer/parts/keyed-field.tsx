/** A field that is driven by keys and not edited (scan/typed-text.ts): an input method has nothing to compose in. */
import './keyed-field.css';

interface KeyedFieldProps {
  readonly label: string;
  readonly text: string;
  readonly placeholder: string;
}

export function KeyedField({ label, text, placeholder }: KeyedFieldProps) {
  return (
    <label className="entry-field">
      <span className="unseen">{label}</span>
      <input data-first className="mono" readOnly value={text} placeholder={placeholder} autoComplete="off" />
    </label>
  );
}

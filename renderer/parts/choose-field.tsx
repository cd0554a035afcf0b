/** A name and the button that says what is chosen for it and opens the choice; in a list of names and values. */
import './choose-field.css';

interface ChooseFieldProps {
  readonly name: string;
  readonly value: string;
  readonly disabled: boolean;
  readonly onChoose: () => void;
}

export function ChooseField({ name, value, disabled, onChoose }: ChooseFieldProps) {
  return (
    <div className="choose-field">
      <dt>{name}</dt>
      <dd>
        <button type="button" className="button" disabled={disabled} onClick={onChoose}>
          <span>{value}</span>
        </button>
      </dd>
    </div>
  );
}

/** When shifts begin, and the reference units that each fixture is checked with at the start of one. */
import { useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { listOf, type Member, type Path, valueAt, withValue } from './draft.ts';
import { Choice, FormContext, Group, OwnFaults, TextField } from './form.tsx';
import { ListField } from './list-field.tsx';
import { ShiftStrip } from './shift-strip.tsx';
import { shiftsOfDay } from './shifts-of-day.ts';
import { useRowFocus } from './use-row-focus.ts';

const shifts: Path = ['station', 'shifts'];
const golden: Path = ['station', 'goldenCheck'];
const units: Path = [...golden, 'units'];

export function ShiftsSection() {
  const { t } = useTranslation();
  const { draft } = useContext(FormContext);
  const times = valueAt(draft, shifts);
  return (
    <>
      <ListField
        name="shifts"
        path={shifts}
        add={t('settings/shifts/add')}
        most={6}
        next={nextShift}
        placeholder="06:00"
        short
      />
      {Array.isArray(times) && <ShiftStrip times={times.map(String)} />}
      <Group title={t('settings/golden/title')}>
        <p className="setting-what">{t('settings/golden/what')}</p>
        <Units />
      </Group>
    </>
  );
}

/** Eight hours after the last one, where that is not there already. */
function nextShift(times: readonly string[]): string {
  const last = shiftsOfDay(times.slice(-1))[0]?.from;
  if (last === undefined) return times.length === 0 ? '06:00' : '';
  const hours = (Number(last.slice(0, 2)) + 8) % 24;
  const next = `${String(hours).padStart(2, '0')}${last.slice(2)}`;
  return times.includes(next) ? '' : next;
}

function Units() {
  const { t } = useTranslation();
  const { draft, disabled, change } = useContext(FormContext);
  const list = listOf(valueAt(draft, units));
  const { rows, adder, expect } = useRowFocus<HTMLDivElement>(list.length);
  /** Without a unit there is no check. */
  const resize = (to: readonly Member[]) => {
    expect();
    change(settings =>
      to.length === 0 ? withValue(settings, golden, undefined) : withValue(settings, units, to),
    );
  };
  return (
    <div className="setting-one" ref={rows}>
      {list.map((_unit, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is what it is; its serial may be empty or there twice
        <div key={index} className="setting-unit" data-row>
          <TextField name="goldenSerial" path={[...units, index, 'serial']} mono scans />
          <TextField name="goldenKey" path={[...units, index, 'ekSha256']} mono scans />
          <button
            type="button"
            className="button"
            disabled={disabled}
            aria-label={`${t('settings/remove')}: ${t('settings/golden/unit')} ${index + 1}`}
            onClick={() => resize(list.toSpliced(index, 1))}
          >
            {t('settings/remove')}
          </button>
        </div>
      ))}
      <OwnFaults path={units} />
      <div className="setting-acts">
        <button
          type="button"
          className="button"
          disabled={disabled || list.length >= 32}
          ref={adder}
          onClick={() => resize([...list, { serial: '' }])}
        >
          + {t('settings/golden/add')}
        </button>
      </div>
      {list.length > 0 && (
        <>
          <TextField name="goldenHours" path={[...golden, 'everyHours']} number placeholder="12" />
          <Choice name="goldenRequired" path={[...golden, 'required']} />
        </>
      )}
    </div>
  );
}

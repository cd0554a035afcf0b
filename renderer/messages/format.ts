/** Numbers, shares and times as the language on the screen writes them, all by Intl. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

export interface Format {
  number(value: number): string;
  /** To the largest unit that it fills: bytes, kB, MB. */
  bytes(value: number): string;
  /** 0..1 */
  share(value: number): string;
  /** Epoch milliseconds to hours and minutes, 24 h. */
  clock(at: number): string;
  /** Epoch milliseconds to hours, minutes, seconds. */
  moment(at: number): string;
  /** Epoch milliseconds to the day, hours and minutes. */
  date(at: number): string;
  /** Epoch milliseconds to the day alone. */
  day(at: number): string;
  /** Whole seconds. */
  seconds(value: number): string;
  /** Milliseconds, as ms under a tenth of a second. */
  duration(milliseconds: number): string;
  /** Milliseconds to the largest whole unit: minutes, hours, days. */
  age(milliseconds: number): string;
}

export function formatFor(locale: string): Format {
  const number = new Intl.NumberFormat(locale);
  const share = new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const moment = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const date = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    hourCycle: 'h23',
  });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const unit = (name: string, digits = 0) =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: name,
      unitDisplay: name === 'second' ? 'narrow' : 'short',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
  const [milliseconds, seconds, minutes, hours, days] = [
    unit('millisecond'),
    unit('second', 1),
    unit('minute'),
    unit('hour'),
    unit('day'),
  ];
  const wholeSeconds = unit('second');
  const bytes = new Intl.NumberFormat(locale, { style: 'unit', unit: 'byte', unitDisplay: 'long' });
  // The narrow form of a second is its symbol, but stands without the blank that symbols have; so do all in Korean.
  const spaced = (text: string) => text.replace(/(?<=\d)(?=[a-z])/i, '\u00a0');
  return {
    number: value => number.format(value),
    bytes(value) {
      if (value < 1_000) return bytes.format(value);
      return value < 1_000_000
        ? spaced(unit('kilobyte').format(value / 1_000))
        : spaced(unit('megabyte', 1).format(value / 1_000_000));
    },
    share: value => share.format(value),
    clock: at => clock.format(at),
    moment: at => moment.format(at),
    date: at => date.format(at),
    day: at => day.format(at),
    seconds: value => spaced(wholeSeconds.format(value)),
    duration: value =>
      spaced(value < 100 ? milliseconds.format(Math.round(value)) : seconds.format(value / 1000)),
    age(value) {
      const whole = Math.max(0, Math.floor(value / 60_000));
      if (whole < 120) return minutes.format(whole);
      return whole < 48 * 60 ? hours.format(Math.floor(whole / 60)) : days.format(Math.floor(whole / 1440));
    },
  };
}

export function useFormat(): Format {
  const { t } = useTranslation();
  const locale = t('language/locale');
  return useMemo(() => formatFor(locale), [locale]);
}

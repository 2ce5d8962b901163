/** How numbers and times are written. */

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const ABSOLUTE = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
const COUNT = new Intl.NumberFormat('en');
const SHORT_COUNT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `3 minutes ago` */
export function showAgo(moment: string, now = Date.now()): string {
  const seconds = (Date.parse(moment) - now) / 1_000;
  const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  return unit === 'second' ? 'just now' : RELATIVE.format(Math.trunc(seconds / length), unit);
}

export const showMoment = (moment: string): string => ABSOLUTE.format(new Date(moment));

export const showCount = (count: number): string => (count < 100_000 ? COUNT.format(count) : SHORT_COUNT.format(count));

/** `1 field`, `2 fields` */
export const showSome = (count: number, one: string, many = `${one}s`): string =>
  `${showCount(count)} ${count === 1 ? one : many}`;

/** Requests per second: two digits that say something. */
export function showRate(rate: number): string {
  if (rate === 0) return '0';
  if (rate < 0.1) return rate.toFixed(2);
  return rate < 10 ? rate.toFixed(1) : showCount(Math.round(rate));
}

/** Of 0 to 1. */
export function showPart(part: number | null): string {
  if (part === null) return '–';
  const percent = part * 100;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  return `${percent > 0 && percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** Milliseconds, as seconds where there are many. */
export function showMs(ms: number | null): string {
  if (ms === null) return '–';
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(2)} s`;
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

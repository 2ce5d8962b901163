import { useState } from 'preact/hooks';
import { keepTheme, readTheme, type Theme } from './theme-choice.ts';

const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const NAMES: Readonly<Record<Theme, string>> = { system: 'as the system', light: 'light', dark: 'dark' };

const DRAWINGS: Readonly<Record<Theme, string>> = {
  system: 'M3 4h18v12H3z M8 20h8 M12 16v4',
  light:
    'M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8z M12 2v2 M12 20v2 M2 12h2 M20 12h2 M5 5l1.4 1.4 M17.6 17.6L19 19 M5 19l1.4-1.4 M17.6 6.4L19 5',
  dark: 'M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z',
};

/** Goes round: as the system says, light, dark. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(readTheme);
  return (
    <button
      type="button"
      class="plain"
      title={`Colours: ${NAMES[theme]}`}
      aria-label={`Colours: ${NAMES[theme]}; change to ${NAMES[NEXT[theme]]}`}
      onClick={() => {
        keepTheme(NEXT[theme]);
        setTheme(NEXT[theme]);
      }}
    >
      <svg
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        stroke-width="1.8"
        stroke-linecap="round"
        aria-hidden="true"
      >
        <path d={DRAWINGS[theme]} />
      </svg>
    </button>
  );
}

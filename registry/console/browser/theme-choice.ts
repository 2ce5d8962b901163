/** `system` is as the browser says (`prefers-color-scheme`). */
export type Theme = 'system' | 'light' | 'dark';

const PLACE = 'tributary.theme';

/** What was chosen in this browser. */
export function readTheme(): Theme {
  try {
    const kept = localStorage.getItem(PLACE);
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    // Some browsers keep nothing for anybody.
    return 'system';
  }
}

export function keepTheme(theme: Theme): void {
  try {
    localStorage.setItem(PLACE, theme);
  } catch {
    // It holds as long as the page is open.
  }
  applyTheme(theme);
}

export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

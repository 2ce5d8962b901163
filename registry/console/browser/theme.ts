import { applyTheme, readTheme } from './theme-choice.ts';

/** Runs before anything is painted, so that whoever has chosen dark sees nothing light first. */
applyTheme(readTheme());

/** Why the stock gateway answers otherwise. */
export const NO_CODE = 'its error has no code that says what happened';
export const SILENT = 'it says nothing';
export const HIDDEN = 'it hides errors of value completion in its extensions';

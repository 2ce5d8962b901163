import { createContext } from 'preact';

/** Who looks, and at which variant. */
export interface Viewing {
  readonly graphId: string;
  readonly variant: string;
  /** Called when the registry says that nobody is signed in any more. */
  readonly onSignedOut: () => void;
}

export const Viewing = createContext<Viewing>({ graphId: '', variant: '', onSignedOut: () => undefined });

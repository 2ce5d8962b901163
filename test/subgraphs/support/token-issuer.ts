import type { Running } from '../../../service/run.ts';
import { startIssuer } from '../../support/issuer.ts';

/** An issuer of tokens for services that trust someone else's, with the issuer and the audience that they trust by default. */
export interface TokenIssuer extends Running {
  /** For `token.jwksUrl`. */
  readonly jwksUrl: string;
  readonly issue: (subject: string, ...scopes: string[]) => Promise<string>;
}

export async function startTokenIssuer(): Promise<TokenIssuer> {
  const { jwksUrl, token, close } = await startIssuer();
  const trusted = { issuer: 'http://localhost:4101', audience: 'tributary' };
  return { jwksUrl, issue: (subject, ...scopes) => token({ subject, scopes, ...trusted }), close };
}

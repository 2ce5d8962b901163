/** The version of Federation that `compose` is: the pinned `@apollo/composition`. */
export const FEDERATION_VERSION = '2.14.4';

/** What to tell about a `federation_version`, if anything. */
export type VersionVerdict = { readonly error: string } | { readonly warning: string } | undefined;

/** Judges a `federation_version` of a supergraph.yaml: `=2.14.4` is ours, any other 2 composes nearly the same. */
export function judgeFederationVersion(version: string | number | undefined): VersionVerdict {
  if (version === undefined) return undefined;
  const text = String(version);
  const parts = /^=?(?<major>\d+)(?:\.\d+){0,2}$/.exec(text);
  if (text === `=${FEDERATION_VERSION}`) return undefined;
  const major = parts?.groups?.major;
  if (major === '2') {
    return {
      warning: `federation_version is "${text}", composed is with ${FEDERATION_VERSION}; write "=${FEDERATION_VERSION}" to say so.`,
    };
  }
  if (major === '1') {
    return {
      error: `Federation 1 is not supported; write "=${FEDERATION_VERSION}", which composes schemas written for Federation 1 too`,
    };
  }
  return { error: `"${text}" is not a version of Federation; write "=${FEDERATION_VERSION}"` };
}

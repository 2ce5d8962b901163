import type { GitContext } from './tables.ts';

const LONGEST = 5_000;

/** A text that Postgres takes: without NUL and halves of characters, and not endless. */
export function storableText(text: string, longest = LONGEST): string {
  return text.slice(0, longest).replaceAll('\0', '').toWellFormed();
}

/** The same for what rover tells of a working copy. */
export function storableGit(git: GitContext | null): GitContext | null {
  if (git === null) return null;
  const clean = (text: string | null) => (text === null ? null : storableText(text));
  const { branch, commit, committer, message, remoteUrl } = git;
  return {
    ...{ branch: clean(branch), commit: clean(commit), committer: clean(committer) },
    ...{ message: clean(message), remoteUrl: clean(remoteUrl) },
  };
}

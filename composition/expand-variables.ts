import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** What `${env.NAME}` and `${file.PATH}` stand for. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where `${file.PATH}` is looked for. (rover looks in its working directory, which a server does not choose.) */
  readonly folder: string;
}

/** A text with its variables replaced, or what is wrong with it. */
export interface Expansion {
  readonly text: string;
  readonly problems: readonly string[];
  /** The files that `${file.PATH}` read, as absolute paths. */
  readonly files: readonly string[];
}

const VARIABLE = /\$(?:(?<dollar>\$)|\{(?<key>[^}]*?)(?::-(?<fallback>[^}]*))?\}|(?<bare>[\p{L}\p{N}_]+))/gu;

/**
 * Replaces `${env.NAME}` and `${file.PATH}` as rover does: `${…:-text}` names what to take instead of a variable that is
 * not set (one set to nothing is set), `$$` is a dollar sign, and a dollar sign before anything but a name stands for itself.
 * `$NAME` is refused, because a shell's habit would otherwise end up in an address.
 */
export function expandVariables(value: string, { environment, folder }: Surroundings): Expansion {
  const problems: string[] = [];
  const files: string[] = [];

  const read = (key: string): string | undefined => {
    if (key.startsWith('env.')) return environment[key.slice('env.'.length)];
    if (!key.startsWith('file.')) return undefined;
    const file = resolve(folder, key.slice('file.'.length));
    files.push(file);
    return readText(file);
  };

  const text = value.replace(VARIABLE, (whole: string, ...rest: unknown[]) => {
    const { dollar, key, fallback, bare } = rest.at(-1) as Readonly<Record<string, string | undefined>>;
    if (dollar !== undefined) return '$';
    if (key === undefined) {
      problems.push(`"$${bare}" is not a variable; write \${env.${bare}}, or $$${bare} for the text itself`);
      return whole;
    }
    const found = read(key) ?? fallback;
    if (found !== undefined) return found;
    problems.push(explainMissing(key, folder));
    return whole;
  });
  return { text, problems, files };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function explainMissing(key: string, folder: string): string {
  if (key.startsWith('env.')) {
    const name = key.slice('env.'.length);
    return `the environment variable ${name} is not set; set it, or give a default: \${env.${name}:-…}`;
  }
  if (key.startsWith('file.')) return `the file ${resolve(folder, key.slice('file.'.length))} cannot be read`;
  return `"\${${key}}" is not a variable; there are \${env.NAME} and \${file.PATH}, and $\${ for the text itself`;
}

import { type DiffLine, diffLines } from './line-diff.ts';

const SIGNS: Readonly<Record<DiffLine['kind'], string>> = { same: ' ', added: '+', removed: '−', gap: '' };
const WORDS: Partial<Record<DiffLine['kind'], string>> = { added: 'added: ', removed: 'removed: ' };

/** A text with the numbers of its lines. */
export function Code({ text }: { readonly text: string }) {
  const lines = text
    .replace(/\n$/, '')
    .split('\n')
    .map((line, index): DiffLine => ({ kind: 'same', text: line, number: index + 1 }));
  return <Lines lines={lines} label="Schema" />;
}

export interface DiffProps {
  readonly before: string;
  readonly after: string;
  readonly label: string;
}

/** What differs between two texts, with the lines around it. */
export function Diff({ before, after, label }: DiffProps) {
  return <Lines lines={diffLines(before, after)} label={label} />;
}

/** Reachable by keyboard, because long lines scroll. */
function Lines({ lines, label }: { readonly lines: readonly DiffLine[]; readonly label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled with the arrow keys.
    <section class="code" tabIndex={0} aria-label={label}>
      {lines.map(({ kind, text, number }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name.
        <div key={index} class={`line ${kind}`}>
          <span aria-hidden="true">{number ?? ''}</span>
          <span aria-hidden="true">{SIGNS[kind]}</span>
          <span>
            {WORDS[kind] !== undefined && <span class="unseen">{WORDS[kind]}</span>}
            {text || ' '}
          </span>
        </div>
      ))}
    </section>
  );
}

import type { ComponentChildren } from 'preact';
import { useContext, useEffect, useRef } from 'preact/hooks';
import { linkTo } from './route.ts';
import { showAgo, showMoment } from './show.ts';
import type { Asked } from './use-asked.ts';
import { Viewing } from './viewing.ts';

/** The small parts that all pages are made of. */

export interface TitleProps {
  readonly text: string;
  /** What stands beside it. */
  readonly children?: ComponentChildren;
}

let hasMoved = false;
addEventListener('hashchange', () => {
  hasMoved = true;
});

/** The title of a page. Whoever comes from another page is taken to it: nothing else would tell a screen reader. */
export function Title({ text, children }: TitleProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${text} · Tributary`;
    if (hasMoved) heading.current?.focus();
  }, [text]);
  return (
    <div class="title">
      <h1 ref={heading} tabIndex={-1}>
        {text}
      </h1>
      {children}
    </div>
  );
}

export interface CardProps {
  readonly title: string;
  readonly note?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Card({ title, note, children }: CardProps) {
  return (
    <section class="card">
      <div class="card-head">
        <h2>{title}</h2>
        {note !== undefined && <p>{note}</p>}
      </div>
      {children}
    </section>
  );
}

export function Ago({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={showMoment(at)} class="tight">
      {showAgo(at)}
    </time>
  );
}

export interface ToProps {
  readonly page: string;
  readonly detail?: string | number;
  readonly children: ComponentChildren;
}

/** A link within the variant that is looked at. */
export function To({ page, detail, children }: ToProps) {
  return <a href={linkTo(useContext(Viewing), page, detail)}>{children}</a>;
}

export function Chips({ names }: { readonly names: readonly string[] }) {
  return (
    <ul class="chips">
      {names.map((name) => (
        <li class="chip" key={name}>
          {name}
        </li>
      ))}
    </ul>
  );
}

export interface LoadedProps<Data> {
  readonly asked: Asked<Data>;
  readonly children: (data: Data) => ComponentChildren;
}

/** What was asked for as soon as it is there; until then nothing moves, and what goes wrong is said. */
export function Loaded<Data>({ asked: { data, error, again }, children }: LoadedProps<Data>) {
  return (
    <>
      {error !== undefined && (
        <div class="banner" role="alert">
          <p>
            <strong>{data === undefined ? 'This cannot be shown.' : 'This is not the newest.'}</strong> {error.message}
          </p>
          <p>
            <button type="button" class="button" onClick={again}>
              Try again
            </button>
          </p>
        </div>
      )}
      {data === undefined ? error === undefined && <p class="note">Loading…</p> : children(data)}
    </>
  );
}

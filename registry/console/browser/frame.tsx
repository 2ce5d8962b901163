import { useMemo } from 'preact/hooks';
import type { ListedGraph, Viewer } from './app.tsx';
import { signOut } from './ask.ts';
import { CheckPage } from './check-page.tsx';
import { ChecksPage } from './checks-page.tsx';
import { GraphPage } from './graph-page.tsx';
import { HistoryPage } from './history-page.tsx';
import { LivePage } from './live-page.tsx';
import { Mark } from './mark.tsx';
import { NothingPublished } from './nothing-published.tsx';
import { linkTo, type Route } from './route.ts';
import { SubgraphPage } from './subgraph-page.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import { TypePage } from './type-page.tsx';
import { TypesPage } from './types-page.tsx';
import { VersionPage } from './version-page.tsx';
import { Viewing } from './viewing.ts';

export interface FrameProps {
  readonly viewer: Viewer;
  readonly explorerUrl: string | null;
  readonly graphs: readonly ListedGraph[];
  readonly route: Route;
  readonly onSignedOut: () => void;
}

const TABS = [
  ['graph', 'Graph'],
  ['types', 'Types'],
  ['history', 'History'],
  ['checks', 'Checks'],
  ['live', 'Live'],
] as const;

/** What stands around each page. */
export function Frame({ viewer, explorerUrl, graphs, route, onSignedOut }: FrameProps) {
  const { graphId, variant, page } = route;
  const viewing = useMemo(() => ({ graphId, variant, onSignedOut }), [graphId, variant, onSignedOut]);
  const refs = graphs.flatMap(({ id, variants }) => variants.map(({ name }) => ({ graphId: id, variant: name })));
  const isListed = refs.some((ref) => ref.graphId === graphId && ref.variant === variant);

  async function leave(): Promise<void> {
    await signOut();
    onSignedOut();
  }

  return (
    <Viewing.Provider value={viewing}>
      <button type="button" class="skip unseen" onClick={skipToMain}>
        Skip to the page
      </button>
      <header class="bar">
        <div class="bar-row bar-top">
          <a class="brand" href={linkTo(route, 'graph')}>
            <Mark /> Tributary
          </a>
          <span class="bar-slash" aria-hidden="true">
            /
          </span>
          <select
            class="select"
            aria-label="Graph and variant"
            value={`${graphId}@${variant}`}
            onChange={({ currentTarget }) => {
              location.hash = `#/${currentTarget.value}/${page}`;
            }}
          >
            {!isListed && (
              <option value={`${graphId}@${variant}`}>{variant === '' ? graphId : `${graphId}@${variant}`}</option>
            )}
            {refs.map((ref) => (
              <option key={linkTo(ref, '')} value={`${ref.graphId}@${ref.variant}`}>
                {ref.graphId}@{ref.variant}
              </option>
            ))}
          </select>
          <div class="bar-end">
            <span class="viewer">{viewer.name}</span>
            <button type="button" class="plain" onClick={leave}>
              Sign out
            </button>
            <ThemeSwitch />
          </div>
        </div>
        <nav class="bar-row tabs" aria-label="Pages">
          {TABS.map(([name, label]) => (
            <a key={name} href={linkTo(route, name)} aria-current={tabOf(page) === name ? 'page' : undefined}>
              {label}
            </a>
          ))}
          {explorerUrl !== null && (
            <a class="outside" href={explorerUrl}>
              Explorer <span aria-hidden="true">↗</span>
            </a>
          )}
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {variant === '' ? <NothingPublished graphId={graphId} /> : <Page key={`${graphId}@${variant}`} {...route} />}
      </main>
    </Viewing.Provider>
  );
}

/** Types and subgraphs are reached from the tab that lists them. */
const tabOf = (page: string) => (page === 'subgraphs' ? 'graph' : page);

/** A button, because what stands behind the `#` is the address of the page: a link there would leave it. */
function skipToMain(): void {
  document.getElementById('main')?.focus();
}

function Page({ page, detail }: Route) {
  if (page === 'subgraphs' && detail !== undefined) return <SubgraphPage name={detail} />;
  if (page === 'types') return detail === undefined ? <TypesPage /> : <TypePage name={detail} />;
  if (page === 'history') return detail === undefined ? <HistoryPage /> : <VersionPage number={Number(detail)} />;
  if (page === 'checks') return detail === undefined ? <ChecksPage /> : <CheckPage id={detail} />;
  return page === 'live' ? <LivePage /> : <GraphPage />;
}

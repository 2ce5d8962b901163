import { render } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { ask } from './ask.ts';
import { Frame } from './frame.tsx';
import { type Route, readRoute } from './route.ts';
import { SignIn } from './sign-in.tsx';

/** Whoever is signed in, as the registry says. */
export interface Viewer {
  readonly name: string;
}

interface Start {
  readonly viewer: Viewer | null;
  readonly explorerUrl: string | null;
}

/** A graph that the key may read. */
export interface ListedGraph {
  readonly id: string;
  readonly title: string;
  readonly variants: readonly { readonly name: string }[];
}

const START = 'query Start { viewer { name } explorerUrl }';
const GRAPHS = 'query Graphs { graphs { id title variants { name } } }';

function App() {
  const [start, setStart] = useState<Start>();
  const [graphs, setGraphs] = useState<readonly ListedGraph[]>();
  const [fault, setFault] = useState<string>();
  const route = useRoute();

  const begin = useCallback(async () => {
    try {
      const started = await ask<Start>(START);
      setGraphs(started.viewer === null ? undefined : (await ask<{ graphs: readonly ListedGraph[] }>(GRAPHS)).graphs);
      setStart(started);
      setFault(undefined);
    } catch (error) {
      setFault((error as Error).message);
    }
  }, []);
  useEffect(() => {
    void begin();
  }, [begin]);

  if (fault !== undefined) return <Fault message={fault} again={begin} />;
  if (start === undefined) return null;
  if (start.viewer === null || graphs === undefined) return <SignIn onSignedIn={begin} />;
  const shown = choose(graphs, route);
  return (
    <Frame
      viewer={start.viewer}
      explorerUrl={start.explorerUrl}
      graphs={graphs}
      route={shown}
      onSignedOut={() => setStart({ ...start, viewer: null })}
    />
  );
}

/** What the address names, as far as it is there; else the first there is. */
function choose(graphs: readonly ListedGraph[], route: Route | undefined): Route {
  const graph = graphs.find(({ id }) => id === route?.graphId) ?? graphs[0];
  const variants = graph?.variants.map(({ name }) => name) ?? [];
  const [first = ''] = variants.includes('current') ? ['current'] : variants;
  const page = route?.page ?? 'graph';
  // One that is not listed may be new: the page says what is wrong with it.
  const variant = route?.variant || first;
  return { graphId: route?.graphId ?? graph?.id ?? '', variant, page, detail: route?.detail };
}

function useRoute(): Route | undefined {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const look = () => setHash(location.hash);
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  return readRoute(hash);
}

function Fault({ message, again }: { readonly message: string; readonly again: () => void }) {
  return (
    <main class="door">
      <div class="door-card">
        <h1>The console cannot start</h1>
        <p role="alert">{message}</p>
        <p>
          <button type="button" class="button primary" onClick={again}>
            Try again
          </button>
        </p>
      </div>
    </main>
  );
}

const root = document.getElementById('app');
if (root !== null) render(<App />, root);

import { useEffect, useRef, useState } from 'preact/hooks';
import { signIn } from './ask.ts';
import { Mark } from './mark.tsx';

/** Asks for a key of the registry. The browser keeps a session, not the key. */
export function SignIn({ onSignedIn }: { readonly onSignedIn: () => Promise<void> }) {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    document.title = 'Sign in · Tributary';
    input.current?.focus();
  }, []);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setRefusal(undefined);
    try {
      await signIn(input.current?.value.trim() ?? '');
      await onSignedIn();
    } catch (error) {
      setRefusal((error as Error).message);
      input.current?.focus();
    } finally {
      setBusy(false);
    }
  }

  return (
    <main class="door">
      <div class="door-card">
        <p class="brand">
          <Mark /> Tributary
        </p>
        <h1>Sign in to the registry</h1>
        <form onSubmit={submit}>
          {/* What password managers keep the key under. */}
          <input type="text" autocomplete="username" value="registry" hidden readOnly />
          <div class="field">
            <label for="key">API key</label>
            <input
              ref={input}
              id="key"
              class="input mono"
              type="password"
              required
              autocomplete="current-password"
              spellcheck={false}
              aria-describedby="refusal"
              aria-invalid={refusal !== undefined}
            />
          </div>
          <div id="refusal" role="alert">
            {refusal !== undefined && <p class="banner">{refusal}</p>}
          </div>
          <button type="submit" class="button primary" disabled={isBusy}>
            Sign in
          </button>
        </form>
        <div class="door-hint">
          <p>
            The console shows what the key may read, and changes what it may change. <code>npm start</code> leaves the
            administrator’s key in <code>.data/registry-admin-key</code>.
          </p>
        </div>
      </div>
    </main>
  );
}

import type { BuiltFiles } from './built-files.ts';

/**
 * Own scripts and styles only, none of them in the page; no frame, no form that is sent elsewhere, and no text that becomes HTML
 * (`require-trusted-types-for`): what a schema says cannot run.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types',
].join('; ');

const ICON = encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#2a94a8" stroke-linecap="round"><path d="M2 4.5c7 0 6 7.5 13 7.5M2 19.5c7 0 6-7.5 13-7.5" stroke-width="2.4"/><path d="M2 12h20" stroke-width="3"/></svg>',
);

/**
 * The page in which the console runs. Whoever opens it with something that runs no scripts is told what this is.
 *
 * @param url how people reach the registry
 */
export function consolePage({ script, style, theme }: BuiltFiles['names'], url: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Tributary</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:image/svg+xml,${ICON}">
<script src="/console/${theme}"></script>
<link rel="stylesheet" href="/console/${style}">
<script type="module" src="/console/${script}"></script>
</head>
<body>
<div id="app"></div>
<noscript>
<p>This is a registry of GraphQL schemas. Its console needs JavaScript. Use it with rover:</p>
<pre>export APOLLO_REGISTRY_URL=${escaped(url)} APOLLO_KEY=…</pre>
</noscript>
</body>
</html>
`;
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

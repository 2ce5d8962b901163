import type { Json } from '../execution/own.ts';

interface Described {
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedRoute>>>>;
}

interface DescribedRoute {
  readonly operationId: string;
  readonly summary?: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Json;
  }[];
  readonly requestBody?: Json;
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Json }>>;
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
section { border-top: 1px solid #8886; padding: 1rem 0; }
h2 { font: 600 1.1rem ui-monospace, monospace; margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .5rem .25rem 0; vertical-align: top; }
pre { overflow: auto; padding: .75rem; background: #8882; border-radius: .25rem; }
`;

/** A page with all routes of an OpenAPI document, without a script. */
export function openApiPage(document: Json): string {
  const { info, paths } = document as unknown as Described;
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]) => toSection(method.toUpperCase(), path, route)),
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${toText(info.title)}</title><style>${STYLE}</style></head>
<body>
<header><h1>${toText(info.title)}</h1>
<p>As <a href="/openapi.json">OpenAPI 3.1</a>, for the graph ${toText(info.version)}.</p></header>
<main>${routes.join('\n') || '<p>There are no routes.</p>'}</main>
</body>
</html>
`;
}

function toSection(
  method: string,
  path: string,
  { operationId, summary, parameters, requestBody, responses }: DescribedRoute,
): string {
  const rows = parameters.map(
    ({ name, in: where, required, schema }) =>
      `<tr><th scope="row"><code>${toText(name)}</code></th><td>${toText(where)}</td><td>${required ? 'required' : ''}</td><td><code>${toText(JSON.stringify(schema))}</code></td></tr>`,
  );
  const table = rows.length === 0 ? '' : `<table><caption>Parameters</caption>${rows.join('')}</table>`;
  const body = requestBody === undefined ? '' : toDetails('Body', requestBody);
  const [status = '200'] = Object.keys(responses);
  return `<section aria-labelledby="${toText(operationId)}">
<h2 id="${toText(operationId)}">${method} ${toText(path)}</h2>
${summary === undefined ? '' : `<p>${toText(summary)}</p>`}
${table}${body}${toDetails(`Answer ${status}`, responses[status]?.content ?? {})}
</section>`;
}

function toDetails(title: string, value: Json): string {
  return `<details><summary>${toText(title)}</summary><pre>${toText(JSON.stringify(value, undefined, 2))}</pre></details>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function toText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

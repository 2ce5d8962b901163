/** Asks the registry's GraphQL. @throws {Error} with its messages */
export async function ask<Data>(
  { url, key }: { readonly url: string; readonly key: string },
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: Data; errors?: readonly Refusal[] };
  if (data === undefined || errors !== undefined)
    throw new Error(`The registry says: ${(errors ?? []).map(describeRefusal).join('; ')}`);
  return data;
}

interface Refusal {
  readonly message: string;
  readonly extensions?: { readonly code?: string };
}

function describeRefusal({ message, extensions }: Refusal): string {
  return extensions?.code === 'KEY_INVALID'
    ? `${message} Set REGISTRY_ADMIN_KEY to a new secret: the registry takes it as its administrator's key.`
    : message;
}

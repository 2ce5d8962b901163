/** A GraphQL answer, as far as tests look at it. */
export interface Answer<Data> {
  readonly status: number;
  readonly data: Data;
  /** The codes of the errors, in order. */
  readonly codes: readonly unknown[];
  readonly errors: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
}

export interface Question {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly token?: string | undefined;
}

/** Asks a subgraph over HTTP. */
export async function ask<Data = Record<string, unknown>>(
  url: string,
  query: string,
  { variables = {}, token }: Question = {},
): Promise<Answer<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as Partial<Pick<Answer<Data>, 'data' | 'errors'>>;
  const errors = body.errors ?? [];
  return {
    status: response.status,
    data: body.data as Data,
    errors,
    codes: errors.map(({ extensions }) => extensions?.code),
  };
}

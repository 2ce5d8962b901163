/* The explorer's own part: a ready query, the token that goes with every request, and the explanation that is asked for. They stay in this tab only. */
(() => {
  const DEFAULT_QUERY = `# One query, three services.
# Log in first, and paste the access token above:
#
# mutation {
#   login(
#     email: "ada@example.com"
#     password: "analytical-engine"
#   ) { accessToken }
# }

query Me {
  me {
    name
    email
    orders { id total }
    notifications { message }
  }
}
`;
  const KEY = 'tributary:token';
  const input = document.getElementById('token');
  const status = document.getElementById('status');

  const showToken = (why) => {
    status.textContent = why ?? (sessionStorage.getItem(KEY) ? 'Requests carry your token' : 'Anonymous');
  };
  document.getElementById('session').addEventListener('submit', (event) => {
    event.preventDefault();
    const token = input.value.trim().replace(/^Bearer +/i, '');
    if (token === '') sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, token);
    input.value = '';
    showToken();
  });
  showToken();

  const explain = (response) =>
    response.json().then(
      ({ extensions }) => TributaryPlan.show(extensions?.explain),
      () => TributaryPlan.show(undefined),
    );
  const fetcher = GraphiQL.createFetcher({
    url: '/graphql',
    fetch: async (url, options) => {
      const token = sessionStorage.getItem(KEY);
      const headers = { ...options.headers, accept: 'application/graphql-response+json, application/json' };
      if (token && !('authorization' in headers)) headers.authorization = `Bearer ${token}`;
      // For who has a role, or anybody where that is allowed; a signature can be set among the headers of a query.
      if (!('x-explain' in headers)) headers['x-explain'] = '1';
      const response = await fetch(url, { ...options, headers });
      // What the editor asks for by itself is no answer to look at.
      if (!String(options.body).includes('IntrospectionQuery')) explain(response.clone());
      if (response.status === 401) {
        // Kept, it would refuse the very login that gives a new one.
        sessionStorage.removeItem(KEY);
        showToken('Your token was refused and is forgotten; log in again');
      }
      return response;
    },
  });
  ReactDOM.createRoot(document.getElementById('graphiql')).render(
    React.createElement(GraphiQL, {
      fetcher,
      defaultQuery: DEFAULT_QUERY,
      plugins: [TributaryPlan.plugin],
      shouldPersistHeaders: false,
    }),
  );
})();

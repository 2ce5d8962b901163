/* The explorer's own part: a ready query, and the token that goes with every request. It stays in this tab only. */
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

  const fetcher = GraphiQL.createFetcher({
    url: '/graphql',
    fetch: async (url, options) => {
      const token = sessionStorage.getItem(KEY);
      const headers = { ...options.headers, accept: 'application/graphql-response+json, application/json' };
      if (token && !('authorization' in headers)) headers.authorization = `Bearer ${token}`;
      const response = await fetch(url, { ...options, headers });
      if (response.status === 401) {
        // Kept, it would refuse the very login that gives a new one.
        sessionStorage.removeItem(KEY);
        showToken('Your token was refused and is forgotten; log in again');
      }
      return response;
    },
  });
  ReactDOM.createRoot(document.getElementById('graphiql')).render(
    React.createElement(GraphiQL, { fetcher, defaultQuery: DEFAULT_QUERY, shouldPersistHeaders: false }),
  );
})();

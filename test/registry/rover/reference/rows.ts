/**
 * What there is to know of rover and of those who follow a registry by Uplink, row by row: the number is the section of our notes
 * on the protocols, the letters are the row in it. `coverage.ts` says of each which test shows it, or why none can.
 */
export const ROWS: readonly string[] = `
1.packages the binary is in a package for its platform
1.node the wrapper wants a newer Node than some machines have
1.wrapper the wrapper moves the folder of plugins and passes the exit code on
1.cost a command costs some 20 ms
1.exit-codes 0, 1, 2, and 101 for a crash
1.json one line of JSON on request
1.backtrace a stack only when asked for
1.graph-ref checked before anything is sent; current without a variant
1.key any text is a key
1.env-registry the URL is used as given
1.env-key the environment's key goes before a profile's
1.env-config profiles are files in a folder of one's own
1.env-home the folder of plugins
1.env-checks-timeout how long a check is waited for
1.env-vcs where a change was made
1.env-updates nothing is updated on request
1.env-download-host where plugins come from
1.env-licence the licence of composition is accepted once
1.env-sudo a header that asks for more
1.env-no-color no colours
1.flags-global timeout, profile, output
1.flags-insecure certificates that are not looked at
1.phones-update looks for newer versions
1.phones-telemetry tells its vendor what was run
1.phones-nobody with both off, only the registry is called
1.phones-others init, template and docs call other hosts
1.request-form one URL, three keys in the body, headers
1.request-redirect redirects are followed
1.request-bearer the next release may send a bearer token
1.reply-lenient content type and extra fields do not matter
1.retry-old the older client repeats nearly every status
1.retry-new the newer one repeats fewer and reads the others
1.status-400 the older client throws the body away
1.status-401 the older client repeats for half a minute
1.errors-null-data messages are lost in the newer client
1.errors-object-data messages are shown by both
1.errors-empty an empty list is an error to the newer client
1.message-406 one message means a malformed key
1.not-json a body that is not JSON
1.unreachable a registry that is away
1.odd-three three operations look for messages elsewhere
1.invalid-credentials one text is replaced by another
1.shape the one form that both clients show
1.always-200 no other status for what is refused
1.validation-200 nor for what is not valid
1.repeated-mutations mutations are sent again
1.strict-decode type names and non-null fields must be there
1.timestamps-text moments are text
2.documents all documents are valid against a schema
2.query the root of questions
2.mutation the root of changes
2.graph a graph
2.variant a variant
2.lookup a variant by ref
2.subgraph a subgraph
2.identity who has a key
2.graph-mutation changes of a graph
2.variant-mutation changes of a variant
2.publication what a publish gives
2.removal what a delete gives
2.error an error of composition
2.check-request what asking for a check gives
2.workflow a check
2.task the seven kinds of task
2.task-composition composition
2.task-operations operations
2.task-lint lint
2.task-custom own findings
2.task-proposals proposals
2.task-downstream contracts
2.launch a launch
2.build how it ended
2.schema-publication a published schema
2.inputs all keys of inputs are sent, with nulls
2.enums known values
2.lint-rule any name of a rule is read
3.graph-key a key of one graph
3.user-key any other key
3.null-me null for an unknown key
3.other-actor actors that are refused
3.unauthorized a text that explains a key
3.null-data no data at all
3.no-key no key at all
3.auth stores what is pasted
3.profiles lists profiles and uses one
4.requests in this order
4.routing-url asks for the known URL
4.variant-list asks which variants there are
4.is-federated asks for subgraphs
4.publish the mutation
4.git where the change was made
4.created says that it was created
4.updated says that it was updated
4.unchanged says that nothing changed
4.supergraph says whether the supergraph changed
4.line prints the registry's own line
4.hash prints the hash as it is
4.first the first subgraph makes the variant
4.build-errors are a warning, with 0
4.build-errors-json are E029 beside success
4.emptied a listed variant without subgraphs needs --convert
4.variant-gone a listed variant that is null
4.graph-null no such graph
4.publication-null no answer of the mutation
4.refused an error's message, with 1
4.malformed-key the message of a malformed key
4.new-without-url E041
4.url-null a subgraph without a URL needs that said again
4.url-variant-null E010 when asking for the URL
4.check-fails nothing is published
4.no-url sends an empty URL
4.invalid-url is refused before anything is sent
4.local-url is warned of
4.convert asks nothing before
4.example the example schema with its own URL
4.stdin the schema from standard input
4.version-conflict a version of federation that is not known
4.policy a failed publish that ends with 1
5.requests in this order
5.stored-url the URL is no part of a check
5.by-graph checks are found by the graph
5.polling at once, then every 5 s
5.background does not wait
5.pass nothing changed
5.core-only only the core schema changed
5.build-errors E029, and nothing else is told
5.operations-fail E043 with the changes
5.operations-pass notices are listed
5.lint-fail E043 with the linter
5.own-tasks custom, downstream and proposals
5.no-tasks failed without tasks
5.ignored filter tasks and tasks without result
5.other-status a status that is unknown
5.pending still pending after the time
5.other-task a kind of task that is unknown
5.other-task-result the same in the result
5.other-severity crashes
5.no-location crashes
5.other-task-status shown as failed
5.error-while-polling fails at once
5.invalid-input E032 without its message
5.permission E033 with its message
5.plan E034
5.rate-limit its own text
5.null E010
5.not-federated E007
5.thresholds counts, parts and periods
6.fetch the schema
6.unknown E009 with the names
6.not-federated E007
6.null E010
7.list sorted, with a link
7.no-url unspecified
7.bad-time N/A
7.empty E007
7.null E010
7.no-root E004
8.confirm deletes
8.dry-run predicts and deletes nothing without a terminal
8.prompt asks on a terminal
8.not-updated a warning, with 0
8.build-errors a warning, with 0; E029 in JSON
8.unknown an error's message
8.null E010
9.none nothing found
9.errors E042
9.warnings a report, with 0
9.ignore-existing what was there before is left out
9.graph-lint the same for a whole schema
9.null E010 and E007
9.crash an end at the end of the document, or no location
10.fetch the supergraph
10.failure E027 with the errors
10.null E007, E008 and E010
11.fetch the API schema
11.fetch-errors E008 and E010
11.publish a whole schema
11.publish-short-hash crashes
11.check of a whole schema
11.delete a variant
11.delete-errors variant not found
12.by-ref the list of a variant
12.by-id a list by its id
12.again changes nothing
12.changed-body is refused
12.permission E033
12.unlinked says where to link one
12.errors E008 and E010
12.generate is local
13.fetch the readme
13.publish a readme
13.errors E005, E008 and E010
14.describe a contract
14.publish a contract
14.no-launch without building
14.errors E039, E040 and E010
15.create a key
15.list keys
15.rename a key
15.delete a key
15.errors owners and keys that are not there
16.client-check a client's operations
16.licence fetch
16.cloud configuration of cloud routers
16.artifacts graph artifacts
16.introspect asks a subgraph, not the registry
16.local explain, describe, search, completion
16.outside init, template, update, docs, lsp
17.folder where plugins are
17.version which version is run
17.exact-missing an exact version that is not there
17.licence must be accepted
17.downloads from a host of one's own
17.interface arguments, file, environment
17.ok the supergraph and hints
17.err build errors
17.graph-ref what is published, and local files over it
17.file-ref a subgraph of the file from the registry
17.conflict federation 1 with @link
17.dev needs a router's binary
19.types of the answers
19.gateway-request what the stock gateway sends
19.gateway-result loads, and remembers the id
19.gateway-unchanged keeps what it has
19.gateway-error fails at start, goes on later
19.gateway-first-unchanged fails
19.gateway-invalid keeps the old, remembers the new id
19.gateway-same is no update
19.gateway-always works without ifAfterId
19.gateway-interval fractions are honoured
19.gateway-phones reports to its vendor unless told not to
19.router-supergraph the router's question
19.router-licence waits for an answer at start
19.router-manifest persisted operations by URL
19.router-error stops polling for any but RETRY_LATER
19.router-interval whole seconds, or a busy loop
19.router-unchanged needs an id
19.router-streams each with ids of its own
19.policy one policy for both
`
  .trim()
  .split('\n');

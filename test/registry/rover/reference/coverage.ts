/**
 * What shows each row: after `=` a test file of the registry (without its ending) and the beginning of a test's name; after `-` why
 * there is none.
 */
export const COVERAGE: readonly string[] = `
1.packages = documents: are found
1.node - concerns the Node wrapper; tests and npm start run the binary
1.wrapper - the wrapper is not used
1.cost - a matter of time; nothing is asserted about time
1.exit-codes = program: exits with 2 for a graph ref that cannot be one
1.json = program: writes one line of JSON
1.backtrace = program: shows where in itself an error came from
1.graph-ref = program: exits with 2 for a graph ref that cannot be one
1.key = whoami: shows a key of all graphs as a user
1.env-registry = program: sends one POST for each operation to the URL as it is given
1.env-key = program: takes the key of the environment before that of a profile
1.env-config = whoami: takes the key of a profile
1.env-home = compose: gets the plugin from the registry
1.env-checks-timeout - no check of this registry is waited for: it is done before its mutation is answered
1.env-vcs = subgraph-publish: keeps where the change was made
1.env-updates = program: tells its vendor nothing
1.env-download-host = compose: gets the plugin from the registry
1.env-licence = compose: refuses federation 1 for schemas
1.env-sudo = program: adds a header that asks for more rights
1.env-no-color = subgraph-read: lists names and URLs
1.flags-global = program: gives up after --client-timeout
1.flags-insecure - the registry speaks HTTP; TLS is the proxy's before it
1.phones-update = program: tells its vendor nothing
1.phones-telemetry = program: tells its vendor nothing
1.phones-nobody = program: tells its vendor nothing
1.phones-others - those commands have no part of a registry
1.request-form = program: sends one POST for each operation
1.request-redirect = reply-shape: is followed through a redirect
1.request-bearer = reply-shape: is given at / and at /graphql
1.reply-lenient = program: sends one POST for each operation
1.retry-old - the registry never answers so: see 1.always-200
1.retry-new - it never answers so either
1.status-400 - it never answers so either
1.status-401 - it never answers so either
1.errors-null-data - the same: data is always an object
1.errors-object-data = refusals: is a key that is not known, for every command
1.errors-empty = reply-shape: has no errors when there are none
1.message-406 - the registry has no such message: any text can be a key
1.not-json - the registry never answers so
1.unreachable = program: gives up after --client-timeout
1.odd-three = refusals: is a key that is not known, for every command
1.invalid-credentials - the registry has no such text
1.shape = reply-shape: has status 200, a null root field and each message twice
1.always-200 = reply-shape: has status 200, a null root field and each message twice
1.validation-200 = reply-shape: has the same form for a document that is not valid
1.repeated-mutations = subgraph-publish: changes nothing when the same is published again
1.strict-decode = documents: is valid against the schema of the registry
1.timestamps-text = subgraph-read: lists names and URLs
2.documents = documents: is valid against the schema of the registry
2.query = documents: is valid against the schema of the registry
2.mutation = documents: is valid against the schema of the registry
2.graph = documents: is valid against the schema of the registry
2.variant = documents: is valid against the schema of the registry
2.lookup = documents: is valid against the schema of the registry
2.subgraph = documents: is valid against the schema of the registry
2.identity = documents: is valid against the schema of the registry
2.graph-mutation = documents: is valid against the schema of the registry
2.variant-mutation = documents: is valid against the schema of the registry
2.publication = documents: is valid against the schema of the registry
2.removal = documents: is valid against the schema of the registry
2.error = documents: is valid against the schema of the registry
2.check-request = documents: is valid against the schema of the registry
2.workflow = documents: is valid against the schema of the registry
2.task = documents: is valid against the schema of the registry
2.task-composition = subgraph-check: fails what does not compose with E029
2.task-operations = subgraph-check: fails a removal when no usage was reported
2.task-lint = subgraph-check: fails for what a rule of lint of this variant calls an error
2.task-custom = documents: is valid against the schema of the registry
2.task-proposals = documents: is valid against the schema of the registry
2.task-downstream = subgraph-check: tells which contracts it fails
2.launch = documents: is valid against the schema of the registry
2.build = subgraph-read: says E027 with the errors for a variant that never composed
2.schema-publication = documents: is valid against the schema of the registry
2.inputs = subgraph-check: takes thresholds and a period
2.enums = documents: is valid against the schema of the registry
2.lint-rule = lint: reports warnings with their place
3.graph-key = whoami: shows a key of one graph as that graph
3.user-key = whoami: shows a key of all graphs as a user
3.null-me = whoami: says E013 for a key that the registry does not know
3.other-actor - the registry has keys of these two kinds alone
3.unauthorized - an unknown key is null without an error
3.null-data - data is always an object
3.no-key = whoami: asks nobody without a key
3.auth - it asks a terminal and no registry
3.profiles = whoami: takes the key of a profile
4.requests = program: asks for what publishing needs, in this order
4.routing-url = subgraph-publish: takes the URL that is known when none is given
4.variant-list = program: asks for what publishing needs, in this order
4.is-federated = program: asks for what publishing needs, in this order
4.publish = subgraph-publish: makes the variant with the first subgraph
4.git = subgraph-publish: keeps where the change was made
4.created = subgraph-publish: makes the variant with the first subgraph
4.updated = subgraph-publish: says that a known subgraph was updated
4.unchanged = subgraph-publish: changes nothing when the same is published again
4.supergraph = subgraph-publish: changes nothing when the same is published again
4.line = subgraph-publish: makes the variant with the first subgraph
4.hash = subgraph-publish: makes the variant with the first subgraph
4.first = subgraph-publish: makes the variant with the first subgraph
4.build-errors = subgraph-publish: exits with 0 and a warning when the subgraphs do not compose
4.build-errors-json = subgraph-publish: tells build errors in JSON as E029 beside success
4.emptied = subgraph-publish: lets a variant that was emptied be published to again
4.variant-gone - a variant that is listed is there, unless it is deleted between two questions
4.graph-null = subgraph-publish: says E010 for a graph that is not there
4.publication-null - the registry gives a publication or an error
4.refused = refusals: is a schema that does not parse
4.malformed-key - see 1.message-406
4.new-without-url = subgraph-publish: asks for a URL (E041)
4.url-null = subgraph-publish: publishes without a URL, and needs that said again
4.url-variant-null = subgraph-publish: says E010 for a variant that is not known when no URL is given
4.check-fails = subgraph-check: publishes nothing when the check fails
4.no-url = subgraph-publish: publishes without a URL, and needs that said again
4.invalid-url = subgraph-publish: refuses --no-url beside a URL
4.local-url = subgraph-publish: takes any URL with --allow-invalid-routing-url
4.convert = subgraph-publish: publishes the example schema, and with --convert
4.example = subgraph-publish: publishes the example schema, and with --convert
4.stdin = subgraph-publish: takes a schema from standard input
4.version-conflict = subgraph-publish: reports a version of federation that does not fit as a build error
4.policy = subgraph-publish: exits with 1 for build errors where the policy of the variant says so
5.requests = program: asks for what publishing needs, in this order
5.stored-url = subgraph-check: passes what changes nothing, at once
5.by-graph = subgraph-check: gives the id and the page of a check with --background
5.polling = subgraph-check: passes what changes nothing, at once
5.background = subgraph-check: gives the id and the page of a check with --background
5.pass = subgraph-check: passes what changes nothing, at once
5.core-only = subgraph-check: passes an addition, and lists it
5.build-errors = subgraph-check: fails what does not compose with E029
5.operations-fail = subgraph-check: fails a removal when no usage was reported
5.operations-pass = subgraph-check: passes an addition, and lists it
5.lint-fail = subgraph-check: fails for what a rule of lint of this variant calls an error
5.own-tasks = subgraph-check: tells which contracts it fails
5.no-tasks - a check that fails has a task that does
5.ignored - the registry has no filter tasks, and no task without result
5.other-status - the registry has the two that end a check
5.pending - a check is done before its mutation is answered
5.other-task - the schema has the seven kinds alone
5.other-task-result - the schema has the seven kinds alone
5.other-severity - the schema has the two alone
5.no-location = lint: does not crash over a schema that ends in the middle
5.other-task-status - the schema has the four alone
5.error-while-polling - a check is done before; an error of the database is one of any question
5.invalid-input - its message is lost: the registry says why by an error
5.permission = subgraph-check: refuses a key that may not, in its own words (E033)
5.plan - the registry has no plans
5.rate-limit - the registry has no such limit; BUSY is an error with its message
5.null = subgraph-check: says E010 for a variant or graph that is not there
5.not-federated = subgraph-check: says E010 for a variant or graph that is not there, and E007
5.thresholds = subgraph-check: takes thresholds and a period
6.fetch = subgraph-read: gives the schema as it was published
6.unknown = subgraph-read: names the subgraphs there are for one that is not (E009)
6.not-federated = subgraph-read: says E007 for a variant to which only nothing was published
6.null = subgraph-read: says E010 for a graph or variant that is not there
7.list = subgraph-read: lists names and URLs
7.no-url = subgraph-read: says unspecified for a subgraph without a URL
7.bad-time - moments come from a clock
7.empty = subgraph-read: says E007 for a variant that was emptied
7.null = subgraph-read: says E007 for a variant that was emptied, and E010
7.no-root - it is never null
8.confirm = subgraph-delete: removes a subgraph and composes the others
8.dry-run = subgraph-delete: predicts and deletes nothing without --confirm
8.prompt - it needs a terminal
8.not-updated = subgraph-delete: deletes the last subgraph
8.build-errors = subgraph-delete: exits with 0 and warns when the others do not compose
8.unknown = subgraph-delete: names the subgraphs there are for one that is not
8.null = subgraph-delete: says E010 for a graph that is not there
9.none = lint: finds nothing in a schema that has nothing
9.errors = lint: reports errors (E042)
9.warnings = lint: reports warnings with their place
9.ignore-existing = lint: leaves out what is wrong already
9.graph-lint = lint: lints a whole schema as well
9.null = lint: says E007 for a variant without subgraphs
9.crash = lint: does not crash over a schema that ends in the middle
10.fetch = subgraph-read: gives the supergraph that is served
10.failure = subgraph-read: says E027 with the errors for a variant that never composed
10.null = subgraph-read: says E008 for a variant that is not there
11.fetch = subgraph-read: gives the API schema
11.fetch-errors = subgraph-read: says E008 for a variant without one
11.publish = subgraph-read: are told that the registry holds federated graphs only
11.publish-short-hash - no such publish succeeds
11.check = subgraph-read: are told that the registry holds federated graphs only
11.delete = subgraph-read: takes a variant away
11.delete-errors = subgraph-read: says E010 for a variant that is not there
12.by-ref = other-commands: adds operations by graph ref
12.by-id = other-commands: adds operations by the id of the list
12.again = other-commands: adds operations by graph ref, and the same again changes nothing
12.changed-body = other-commands: refuses another text under a known id
12.permission = refusals: is a key that is not known, for every command
12.unlinked = other-commands: says where to link a list when the variant has none
12.errors = other-commands: says where to link a list when the variant has none, and E008
12.generate - it asks no registry
13.fetch = other-commands: publishes a readme and fetches it
13.publish = other-commands: publishes a readme and fetches it
13.errors = other-commands: says E008 and E010 for a variant and a graph
14.describe = other-commands: makes a variant of another by tags, and describes it
14.publish = other-commands: makes a variant of another by tags, and describes it
14.no-launch = other-commands: is changed without being built with --no-launch
14.errors = other-commands: says E039 for a variant that is none
15.create = other-commands: makes, lists, renames and deletes a key
15.list = other-commands: makes, lists, renames and deletes a key
15.rename = other-commands: makes, lists, renames and deletes a key
15.delete = other-commands: makes, lists, renames and deletes a key
15.errors = other-commands: says that an owner or a key is not there
16.client-check = other-commands: passes valid operations and fails others
16.licence = other-commands: has no licences (E044)
16.cloud = other-commands: refuses the configuration of cloud routers
16.artifacts = other-commands: refuses the configuration of cloud routers and graph artifacts
16.introspect - it asks a subgraph and no registry
16.local = program: explains its errors without a registry
16.outside - those ask other hosts, or a terminal
17.folder = compose: gets the plugin from the registry
17.version = compose: takes an exact version
17.exact-missing = compose: has no other version
17.licence = compose: refuses federation 1 for schemas of federation 2, and a licence
17.downloads = compose: names the version behind latest-2 to HEAD
17.interface = compose: gets the plugin from the registry
17.ok = compose: prints hints, and the supergraph all the same
17.err = compose: tells build errors as E029
17.graph-ref = compose: composes what is published with --graph-ref
17.file-ref = compose: takes a subgraph from the registry in the file
17.conflict = compose: refuses federation 1 for schemas
17.dev - the router's binary is in no package of the npm registry
19.types = ../uplink/uplink: gives the router the supergraph
19.gateway-request = ../uplink/uplink: gives Apollo's gateway the supergraph
19.gateway-result = ../uplink/uplink: gives Apollo's gateway the supergraph
19.gateway-unchanged = ../uplink/uplink: gives Apollo's gateway the supergraph, and nothing when it has it
19.gateway-error = ../../gateway/supergraph/source-uplink: goes on serving when the registry is away
19.gateway-first-unchanged - the registry says so to who names what it serves, and to no other
19.gateway-invalid = ../../gateway/supergraph/source-uplink: does not serve what it cannot, and serves its repair
19.gateway-same - how that gateway compares is its own matter; ids of the registry differ by version
19.gateway-always - ifAfterId is honoured: ../uplink/uplink
19.gateway-interval = ../../gateway/supergraph/source-uplink: serves what the registry has, and soon what is new there
19.gateway-phones - tests set what turns it off; it would call other hosts
19.router-supergraph = ../uplink/uplink: gives the router the supergraph
19.router-licence = ../uplink/uplink: gives the router no licence
19.router-manifest = ../uplink/uplink: gives the router no persisted queries where there is no list
19.router-error - the router is no package: what it would be answered is shown in ../uplink/uplink
19.router-interval = ../uplink/uplink: gives the router the supergraph, with a whole number of seconds
19.router-unchanged = ../uplink/uplink: gives the router the supergraph, with a whole number of seconds
19.router-streams = ../uplink/uplink: gives the router no persisted queries where there is no list
19.policy = ../uplink/uplink: does not let a key go on that was revoked
`
  .trim()
  .split('\n');

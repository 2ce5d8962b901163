import { check } from './check.ts';
import { clientCheck } from './client-check.ts';
import { consoleHistory } from './console-history.ts';
import { consoleTypes } from './console-types.ts';
import { consoleViewer } from './console-viewer.ts';
import { contract } from './contract.ts';
import type { Resolvers } from './generated.ts';
import { graph } from './graph.ts';
import { launch } from './launch.ts';
import { lint } from './lint.ts';
import { notOffered } from './not-offered.ts';
import { operatorKeys } from './operator-keys.ts';
import { operatorPolicy } from './operator-policy.ts';
import { operatorVersions } from './operator-versions.ts';
import { operatorWebhooks } from './operator-webhooks.ts';
import { organization } from './organization.ts';
import { persistedQueries } from './persisted-queries.ts';
import { publish } from './publish.ts';
import { readme } from './readme.ts';
import { Timestamp } from './scalars.ts';
import { variant } from './variant.ts';
import { whoami } from './whoami.ts';

/** What rover and operators ask, one subject a file; a later one adds fields to the types of an earlier. */
export const resolvers: readonly Resolvers[] = [
  { Timestamp },
  whoami,
  graph,
  variant,
  publish,
  check,
  lint,
  launch,
  clientCheck,
  persistedQueries,
  readme,
  contract,
  organization,
  notOffered,
  operatorVersions,
  operatorPolicy,
  operatorKeys,
  operatorWebhooks,
  consoleHistory,
  consoleTypes,
  consoleViewer,
];

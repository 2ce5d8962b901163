import { globSync } from 'node:fs';
import { describe } from '@jest/globals';
import { describeFeatures, type FederationFeature } from './support/describe-feature.ts';

/**
 * Every feature of federation on our gateway and on the stock one, over the same subgraphs. One test file for all folders,
 * because loading the two gateways takes longer than all operations: run one feature by its title, `-t 'keys'`.
 */

const files = globSync('*/feature.ts', { cwd: import.meta.dirname }).sort();
const features = await Promise.all(
  files.map(async (file) => ((await import(`./${file}`)) as { readonly feature: FederationFeature }).feature),
);

describe('federation', () => describeFeatures(features));

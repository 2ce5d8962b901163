import { expect, it } from '@jest/globals';
import {
  buildClientSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  printSchema,
  validateSchema,
} from 'graphql';
import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { inventory, warehouse } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'introspection: the clients’ schema and nothing of federation',
  subgraphs: [inventory, warehouse],
  cases,
  more: (running) => {
    it('answers the full introspection query with a schema that is valid and shows nothing of federation', async () => {
      const { data, errors } = await running().ours.execute({
        query: getIntrospectionQuery({ inputValueDeprecation: true, schemaDescription: true, specifiedByUrl: true }),
      });
      expect(errors).toBeUndefined();
      const schema = buildClientSchema(data as IntrospectionQuery);
      expect(validateSchema(schema)).toEqual([]);
      const printed = printSchema(schema);
      expect(printed).toContain('type Product implements Named {');
      expect(printed).not.toMatch(/_Service|_Entity|_Any|_FieldSet|_entities|_service|join__|link__|federation|core__/);
      expect(printed).not.toMatch(/@(key|link|requires|provides|external|shareable|override|tag|inaccessible)/);
    });
  },
};

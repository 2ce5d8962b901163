import { hash } from 'node:crypto';
import { type FragmentDefinitionNode, Kind, type OperationDefinitionNode, print } from 'graphql';
import type { Json } from '../execution/own.ts';
import { joinParts, toCacheKey } from './cache-key.ts';
import { hashSchemaPart } from './schema-part.ts';
import type { Visit } from './visit.ts';

/** What whole responses are told apart by. */
export interface ResponseSubject extends Pick<Visit, 'supergraph' | 'requester'> {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly coercedVariables: Json;
  /** All else that decides the answer: the labels of `@override`, what authorisation leaves of the operation. */
  readonly decisions: string;
}

/** Reads operations, each once. */
export interface ResponseKeys {
  /** What an operation says of the schema changes with the schema, and no part of it is asked for. */
  isIntrospecting(subject: ResponseSubject): boolean;
  /** What tells answers to one operation apart. */
  decidingOf(subject: ResponseSubject): string;
  /** @param deciding what `decidingOf` says of it */
  keyOf(subject: ResponseSubject, deciding: string): string;
}

interface KnownParts {
  /** Of the operation's text, printed: hits need not hash it again. */
  readonly digest: string;
  readonly schemaPart: string;
  readonly isIntrospecting: boolean;
}

/** @param isShared whether keys leave this process */
export function createResponseKeys(namespace: string, isShared: boolean): ResponseKeys {
  const known = new WeakMap<OperationDefinitionNode, KnownParts>();

  function partsOf({ supergraph, operation, fragments }: ResponseSubject): KnownParts {
    let parts = known.get(operation);
    if (parts === undefined) {
      const document = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments.values()] } as const;
      const text = print(document);
      parts = {
        digest: hash('sha256', text, 'base64url'),
        schemaPart: hashSchemaPart(supergraph.apiSchema, document),
        isIntrospecting: /\b__(?:schema|type)\b/.test(text),
      };
      known.set(operation, parts);
    }
    return parts;
  }

  return {
    isIntrospecting: (subject) => partsOf(subject).isIntrospecting,
    decidingOf: ({ coercedVariables, decisions, requester }) =>
      joinParts([JSON.stringify(coercedVariables), decisions, requester.headers]),
    keyOf: (subject, deciding) => {
      const { digest, schemaPart } = partsOf(subject);
      return toCacheKey('response', [namespace, digest, schemaPart, deciding], isShared);
    },
  };
}

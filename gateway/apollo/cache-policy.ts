import type {
  GatewayCacheHint,
  GatewayCachePolicy,
  GatewayGraphQLRequestContext,
} from '@apollo/server-gateway-interface';
import type { Reply } from '../upstream/response-reader.ts';
import type { Send } from '../upstream/send.ts';

/**
 * Narrows Apollo Server's policy for the whole answer by the `cache-control` of each subgraph's, as the stock gateway does:
 * a subgraph that gives no `max-age` makes the answer one that is not to be kept. Apollo Server's own header and its plugins
 * for caches go by that policy.
 */
export function restrictCachePolicy(next: Send, policy: GatewayGraphQLRequestContext['overallCachePolicy']): Send {
  if (!isPolicy(policy)) return next;
  return async (call) => {
    const reply = await next(call);
    policy.restrict(readHint(reply.headers['cache-control']));
    return reply;
  };
}

/** What was decided by who asks is for no cache but the client's own. */
export function makePrivate(policy: GatewayGraphQLRequestContext['overallCachePolicy']): void {
  if (isPolicy(policy)) policy.restrict({ scope: 'PRIVATE' });
}

/** The interface leaves it open what the policy is. */
function isPolicy(policy: unknown): policy is GatewayCachePolicy {
  return typeof policy === 'object' && policy !== null && 'restrict' in policy;
}

/** What caches may do with an answer (RFC 9111, 5.2.2), of what a GraphQL server says about it. */
function readHint(header: Reply['headers'][string]): GatewayCacheHint {
  const directives = new Map(
    String(header ?? '')
      .toLowerCase()
      .split(',')
      .map((directive) => {
        const [name = '', value = ''] = directive.split('=');
        return [name.trim(), value.trim().replaceAll('"', '')] as const;
      }),
  );
  const age = directives.get('max-age') ?? '';
  return {
    maxAge: /^\d+$/.test(age) && !directives.has('no-store') && !directives.has('no-cache') ? Number(age) : 0,
    ...(directives.has('private') ? { scope: 'PRIVATE' } : {}),
  };
}

/** What clients see of a supergraph. The vendor's part of it is in the room that knows the vendor. */
export { toApiSchema } from '../../composition/api-schema.ts';

/** All tables of the registry: what migrations are generated from, and where the rest of the registry finds them. */
export * from './access-tables.ts';
export * from './check-tables.ts';
export * from './graph-tables.ts';
export * from './persisted-tables.ts';
export * from './session-tables.ts';
export * from './usage-tables.ts';
export * from './webhook-tables.ts';

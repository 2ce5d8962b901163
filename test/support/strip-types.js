import { stripTypeScriptTypes } from 'node:module';

/** A Jest transformer: TypeScript with erasable syntax only becomes JavaScript by blanking out its types. */
export default {
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
};

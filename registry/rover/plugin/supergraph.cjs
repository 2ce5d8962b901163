#!/usr/bin/env node
// The plugin that rover runs for `rover supergraph compose`: it lets the registry compose.
// Rover starts it as `supergraph compose FILE`, with its own environment, and reads one JSON value from its output. It is one
// file without dependencies, for any Node since 18, so that the registry can hand it out. CommonJS, because rover takes the
// ending from its name.
const { readFileSync } = require('node:fs');

const { APOLLO_REGISTRY_URL: registry, APOLLO_KEY: key } = process.env;

/** Where composition is: beside the registry's GraphQL, wherever that is mounted. */
function composeUrl() {
  if (registry === undefined) throw new Error('Set APOLLO_REGISTRY_URL to the address of the registry: it composes.');
  const url = new URL(registry);
  url.pathname = `${url.pathname.replace(/\/(graphql)?$/, '')}/compose`;
  return url;
}

async function compose(file) {
  if (key === undefined) throw new Error('Set APOLLO_KEY to a key of the registry: it composes for those it knows.');
  const url = composeUrl();
  let response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/yaml', 'x-api-key': key },
      body: readFileSync(file),
    });
  } catch (error) {
    const reason = error.cause?.message || error.cause?.code || error.message;
    throw new Error(`The registry at ${url} cannot be reached: ${reason}`);
  }
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${url} answers with status ${response.status} and no JSON; is it a registry of Tributary?`);
  }
}

/** An error in the form that rover shows as a build error. */
function failure(message) {
  return { Err: { build_errors: [{ message, code: null, type: 'composition', nodes: null, omittedNodesCount: 0 }] } };
}

async function main([verb, file]) {
  if (verb !== 'compose' || file === undefined) return failure(`Only "compose FILE" is here, not "${verb ?? ''}".`);
  try {
    const result = await compose(file);
    return 'Ok' in result || 'Err' in result
      ? result
      : failure(String(result.message ?? 'The registry gave no result.'));
  } catch (error) {
    return failure(error.message);
  }
}

main(process.argv.slice(2)).then((result) => {
  process.exitCode = 'Ok' in result ? 0 : 1;
  process.stdout.write(`${JSON.stringify(result)}\n`);
});

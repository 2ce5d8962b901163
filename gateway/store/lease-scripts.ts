/** Keys: leases. Arguments: for each a token and its time in milliseconds. Gives for each 1 when it was taken. */
export const TAKE = `
local taken = {}
for at, key in ipairs(KEYS) do
  taken[at] = redis.call('SET', key, ARGV[2 * at - 1], 'NX', 'PX', ARGV[2 * at]) and 1 or 0
end
return taken
`;

/** Keys: leases. Arguments: for each its token. */
export const RELEASE = `
for at, key in ipairs(KEYS) do
  if redis.pcall('GET', key) == ARGV[at] then redis.call('DEL', key) end
end
`;

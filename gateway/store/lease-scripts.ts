/** What stands after the token of a lease that somebody tried to take meanwhile. */
const AWAITED = '+';

/** Keys: leases. Arguments: for each a token and its time in milliseconds. Gives for each 1 when it was taken. */
export const TAKE = `
local taken = {}
for at, key in ipairs(KEYS) do
  local held = redis.pcall('GET', key)
  taken[at] = 0
  if not held then
    redis.call('SET', key, ARGV[2 * at - 1], 'PX', ARGV[2 * at])
    taken[at] = 1
  elseif type(held) == 'string' and string.sub(held, -1) ~= '${AWAITED}' then
    redis.call('SET', key, held .. '${AWAITED}', 'KEEPTTL')
  end
end
return taken
`;

/** Keys: leases. Arguments: for each its token, and 1 when it is held back if it is awaited. Gives for each 1 when it was. */
export const RELEASE = `
local back = {}
for at, key in ipairs(KEYS) do
  local token, held = ARGV[2 * at - 1], redis.pcall('GET', key)
  local isAwaited = held == token .. '${AWAITED}'
  back[at] = isAwaited and ARGV[2 * at] == '1' and 1 or 0
  if back[at] == 0 and (isAwaited or held == token) then redis.call('DEL', key) end
end
return back
`;

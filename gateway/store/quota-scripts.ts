import { TICKS } from './quotas.ts';

/**
 * What both scripts begin with. A quota is one string of doubles: the sum of what is spent, then pairs of a tick and the amount that was spent
 * in it, oldest first. So a charge looks at the pairs that have left the window, which are as a rule one or none, and at the last.
 * What is none of ours under its key counts as nothing, and is written over.
 *
 * The clock is that of the server which has the key. Should it go back, as after a failover, what is spent counts for the last tick that is
 * known; after a step of more than a window it begins anew.
 */
const PRELUDE = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

-- MGET gives nothing for what is no string.
local function read(key, window, value)
  local tick = math.floor(now * ${TICKS} / window)
  local quota = { key = key, window = window, tick = tick, sum = 0, pairs = '' }
  if not value or #value % 16 ~= 8 or #value > ${8 + 16 * (TICKS + 1)} then return quota end
  local sum, at = struct.unpack('<d', value)
  while at < #value do
    local spentAt, amount = struct.unpack('<dd', value, at)
    if spentAt + ${TICKS} >= tick then break end
    sum = sum - amount
    at = at + 16
  end
  if at > #value then return quota end
  local last = struct.unpack('<d', value, #value - 15)
  if not (last <= tick + ${TICKS} and sum < math.huge) then return quota end
  quota.tick, quota.sum, quota.pairs = math.max(tick, last), math.max(0, sum), string.sub(value, at)
  return quota
end

local function write(quota)
  redis.call('SET', quota.key, struct.pack('<d', quota.sum) .. quota.pairs, 'PX', math.ceil(quota.window * ${(TICKS + 2) / TICKS}))
end

local function add(quota, amount)
  local pairs, spent = quota.pairs, 0
  if #pairs > 0 then
    local last, before = struct.unpack('<dd', pairs, #pairs - 15)
    if last == quota.tick then pairs, spent = string.sub(pairs, 1, -17), before end
  end
  quota.sum, quota.pairs = quota.sum + amount, pairs .. struct.pack('<dd', quota.tick, spent + amount)
  write(quota)
end
`;

/**
 * Keys: quotas, in one slot. Arguments, for each: limit, window in milliseconds, amount, ahead. Gives doubles in one string: 1 if all was spent,
 * else 0, and for each quota what is left, for how long, what was taken ahead, the time to wait and the tick.
 */
export const CHARGE = `${PRELUDE}
local function endsIn(quota, tick) return (tick + ${1 + TICKS}) * quota.window / ${TICKS} - now end

local function waitFor(quota, atMost)
  if quota.sum <= atMost then return 0 end
  if atMost < 0 then return math.huge end
  local rest, tick = quota.sum, quota.tick
  for at = 1, #quota.pairs, 16 do
    local amount
    tick, amount = struct.unpack('<dd', quota.pairs, at)
    rest = rest - amount
    if rest <= atMost then break end
  end
  return endsIn(quota, tick)
end

local values = redis.call('MGET', unpack(KEYS))
local quotas, isGranted = {}, true
for index, key in ipairs(KEYS) do
  local quota = read(key, tonumber(ARGV[index * 4 - 2]), values[index])
  quota.limit, quota.amount, quota.ahead = tonumber(ARGV[index * 4 - 3]), tonumber(ARGV[index * 4 - 1]), tonumber(ARGV[index * 4])
  quota.wait = waitFor(quota, quota.limit - quota.amount)
  if quota.wait > 0 then isGranted = false end
  quotas[index] = quota
end

local reply = { struct.pack('<d', isGranted and 1 or 0) }
for index, quota in ipairs(quotas) do
  local ahead = isGranted and math.min(quota.ahead, quota.limit - quota.sum - quota.amount) or 0
  local taken = isGranted and quota.amount + ahead or 0
  if taken > 0 then add(quota, taken) end
  local oldest = #quota.pairs > 0 and struct.unpack('<d', quota.pairs) or quota.tick
  local left = math.max(0, quota.limit - quota.sum)
  reply[index + 1] = struct.pack('<ddddd', left, endsIn(quota, oldest), ahead, quota.wait, quota.tick)
end
return table.concat(reply)
`;

/** Keys: quotas, in one slot. Arguments, for each: window in milliseconds, tick, delta. */
export const CORRECT = `${PRELUDE}
local function correct(quota, tick, delta)
  for at = #quota.pairs - 15, 1, -16 do
    local spentAt, amount = struct.unpack('<dd', quota.pairs, at)
    if spentAt == tick then
      local corrected = math.max(0, amount + delta)
      quota.sum = math.max(0, quota.sum + corrected - amount)
      quota.pairs = string.sub(quota.pairs, 1, at + 7) .. struct.pack('<d', corrected) .. string.sub(quota.pairs, at + 16)
      return write(quota)
    end
  end
  if delta > 0 then add(quota, delta) end
end

for index, key in ipairs(KEYS) do
  local quota = read(key, tonumber(ARGV[index * 3 - 2]), redis.call('MGET', key)[1])
  correct(quota, tonumber(ARGV[index * 3 - 1]), tonumber(ARGV[index * 3]))
end
`;

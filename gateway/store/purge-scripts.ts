import { LAST_SEQUENCE, PLACES } from './purge-log.ts';

/** How many purges the stream keeps: a gateway that is further behind reloads the table. */
const LENGTH = 1_000;

/**
 * What all scripts begin with. Keys: head, floor, table, log, all in one slot.
 *
 * Numbers travel as text of full length: Lua's own conversion keeps 14 digits, and a sequence has 16.
 *
 * `ensure` gives head and floor of a log that reaches as far as the caller has seen it, and is whole. A part that is missing or of
 * another type, or a head that is behind the caller: then nobody knows what was purged, and it begins anew with a floor above
 * all that was. It writes `head` first: out of memory, Redis refuses that, and nothing else has happened.
 */
const PRELUDE = `
local function number(text)
  if type(text) ~= 'string' or #text > 16 or not string.match(text, '^%d+$') then return nil end
  local value = tonumber(text)
  if value < 1 or value > ${LAST_SEQUENCE} then return nil end
  return value
end
local function text(value) return string.format('%.0f', value) end
local function typeOf(key) return redis.call('TYPE', key)['ok'] end
local function sequenceAt(key) return typeOf(key) == 'string' and number(redis.call('GET', key)) or nil end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local synced = tonumber(ARGV[1])

local function begin(head)
  local first = math.max((head or 0) + 1, synced + 1, now)
  redis.call('SET', KEYS[1], text(first))
  redis.call('SET', KEYS[2], text(first))
  redis.call('DEL', KEYS[3], KEYS[4])
  redis.call('SETRANGE', KEYS[3], 0, string.rep('\\0', 8))
  return first, first
end

local function ensure()
  local head, floor = sequenceAt(KEYS[1]), sequenceAt(KEYS[2])
  local length = typeOf(KEYS[3]) == 'string' and redis.call('STRLEN', KEYS[3]) or 0
  local isWhole = head and floor and floor <= head and length > 0 and length <= ${PLACES * 8} and length % 8 == 0
  if isWhole and head >= synced then return head, floor end
  return begin(head)
end
`;

/**
 * Arguments: synced, places as unsigned 32-bit integers in one string, 1 for everything, the channel.
 * Gives sequence, previous head, and why nobody could be told of it, if nobody could.
 *
 * The stream is written first: it is what may refuse, for being of another type or ahead of head, and is then begun anew.
 * Who misses something there reloads the table.
 */
export const PURGE = `${PRELUDE}
local head = ensure()
local sequence = math.max(head + 1, now)
local function append()
  return redis.pcall('XADD', KEYS[4], 'MAXLEN', ${LENGTH}, text(sequence) .. '-0', 'previous', text(head), 'places', ARGV[2])
end
local added = append()
if type(added) == 'table' and added.err then
  if string.find(added.err, 'OOM', 1, true) then return added end
  redis.call('DEL', KEYS[4])
  added = append()
  if type(added) == 'table' and added.err then return added end
end
local stamp = struct.pack('<d', sequence)
for at = 1, #ARGV[2], 4 do
  redis.call('SETRANGE', KEYS[3], struct.unpack('<I4', ARGV[2], at) * 8, stamp)
end
redis.call('SET', KEYS[1], text(sequence))
if ARGV[3] == '1' then redis.call('SET', KEYS[2], text(sequence)) end
local told = redis.pcall('PUBLISH', ARGV[4], text(sequence))
return { text(sequence), text(head), type(told) == 'table' and told.err or nil }
`;

/**
 * Argument: synced. Gives head, floor, and then sequence and places of each purge after it; or nothing when that cannot be told.
 *
 * Each entry names the head before it, so that a missing one is seen. When the first one names an earlier head than the caller's, the
 * caller has seen purges that this log never had: a failover lost them, and the log has grown past them since.
 */
export const SINCE = `${PRELUDE}
local head, floor = ensure()
if floor > synced then return {} end
local found = { text(head), text(floor) }
if head == synced then return found end
local last = synced
local entries = redis.pcall('XRANGE', KEYS[4], text(synced + 1) .. '-0', '+')
if entries.err then
  if string.find(entries.err, 'WRONGTYPE', 1, true) then return {} end
  return entries
end
for _, entry in ipairs(entries) do
  local sequence = number(string.match(entry[1], '^(%d+)-0$'))
  local previous = number(entry[2][2])
  if not sequence or not previous or #entry[2] ~= 4 or #entry[2][4] % 4 ~= 0 then return {} end
  if previous < last then begin(head) return {} end
  if previous > last then return {} end
  found[#found + 1] = text(sequence)
  found[#found + 1] = entry[2][4]
  last = sequence
end
if last ~= head then return {} end
return found
`;

/** Argument: synced. Gives head, floor and the table. */
export const TABLE = `${PRELUDE}
local head, floor = ensure()
return { text(head), text(floor), redis.call('GET', KEYS[3]) }
`;

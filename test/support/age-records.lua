#!lua flags=allow-cross-slot-keys
-- Makes `milliseconds` pass for every key that starts with one of the prefixes.
-- ARGV: milliseconds, prefix... (no prefix: every key but the mails on their way,
-- whose worker holds a lock that must not run out under it). Answers the number of keys it looked at.
-- A number is taken for a time when it lies between the years 2001 and 2286 (BullMQ's scores are larger).

local passed = tonumber(ARGV[1])

local function isTime (value)
  return value ~= nil and value > 1e12 and value < 1e13
end

local function isWanted (key)
  if #ARGV == 1 then return string.sub(key, 1, 6) ~= '{mail}' end
  for i = 2, #ARGV do
    if string.sub(key, 1, #ARGV[i]) == ARGV[i] then return true end
  end
  return false
end

-- SCAN may name a key twice, and nothing may age twice: first collect, then write.
local wanted = {}
local cursor = '0'
repeat
  local page = redis.call('SCAN', cursor, 'COUNT', 1000)
  cursor = page[1]
  for _, key in ipairs(page[2]) do
    if isWanted(key) then wanted[key] = true end
  end
until cursor == '0'

local function ageHash (key)
  local pairsOf = redis.call('HGETALL', key)
  for i = 1, #pairsOf, 2 do
    local field, value = pairsOf[i], pairsOf[i + 1]
    if string.sub(field, -2) == 'At' and string.match(value, '^%d+$') and isTime(tonumber(value)) then
      redis.call('HSET', key, field, string.format('%.0f', tonumber(value) - passed))
    end
  end
end

local function ageSortedSet (key)
  local members = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
  for i = 1, #members, 2 do
    local score = tonumber(members[i + 1])
    if isTime(score) then redis.call('ZADD', key, 'XX', string.format('%.17g', score - passed), members[i]) end
  end
end

local function ageTimeToLive (key)
  local left = redis.call('PTTL', key)
  if left < 0 then return end
  if left <= passed then redis.call('DEL', key) else redis.call('PEXPIRE', key, string.format('%.0f', left - passed)) end
end

local count = 0
for key in pairs(wanted) do
  local kind = redis.call('TYPE', key)['ok']
  if kind == 'hash' then ageHash(key) end
  if kind == 'zset' then ageSortedSet(key) end
  ageTimeToLive(key)
  count = count + 1
end
return count

#!lua
-- The living sessions or trusted devices of an account. Ids whose record ran out leave the index.
-- KEYS: index. ARGV: prefix of the records' keys, idle ms, absolute ms.
-- Returns a list of { id, createdAt, turnedAt, ip, device, amr or '' }.
-- include _time

local now = now_ms()
local idle, absolute = tonumber(ARGV[2]), tonumber(ARGV[3])
local found = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local record = redis.call('HMGET', ARGV[1] .. id, 'createdAt', 'turnedAt', 'ip', 'device', 'amr')
  if not record[1] then
    redis.call('ZREM', KEYS[1], id)
  elseif now < tonumber(record[2]) + idle and now < tonumber(record[1]) + absolute then
    found[#found + 1] = { id, record[1], record[2], record[3], record[4], record[5] or '' }
  end
end
return found

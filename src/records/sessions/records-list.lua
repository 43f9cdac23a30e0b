#!lua
-- Lists the living sessions or trusted browsers of an account. Ids whose record ran out leave the index.
-- KEYS: index
-- ARGV: prefix, idleMs, absoluteMs
-- Returns: ok(records) - each is { id, createdAt, turnedAt, ip, device, amr or '' }
-- include ../../platform/redis/lua/_time.lua

local now = now_ms()
local found = {}
for _, id in ipairs(redis.call('ZRANGE', KEY.index, 0, -1)) do
  local record = redis.call('HMGET', ARG.prefix .. id, 'createdAt', 'turnedAt', 'ip', 'device', 'amr')
  if not record[1] then
    redis.call('ZREM', KEY.index, id)
  elseif now < tonumber(record[2]) + ARG.idleMs and now < tonumber(record[1]) + ARG.absoluteMs then
    found[#found + 1] = { id, record[1], record[2], record[3], record[4], record[5] or '' }
  end
end
return { 'ok', found }

#!lua
-- Ends every session of an account but one. With none to keep, its trusted devices end too.
-- KEYS: sessions, account, trusted devices.
-- ARGV: prefix of the session keys, sid to keep ('' = none), trace, event, prefix of the trusted devices' keys.
-- Returns { 'ok', how many sessions }.
-- include _time
-- include _activity

local function end_those(index, prefix)
  local ended = 0
  for _, id in ipairs(redis.call('ZRANGE', index, 0, -1)) do
    if id ~= ARGV[2] then
      ended = ended + redis.call('DEL', prefix .. id)
      redis.call('ZREM', index, id)
    end
  end
  return ended
end

local ended = end_those(KEYS[1], ARGV[1])
if ARGV[2] == '' then end_those(KEYS[3], ARGV[5]) end
tell(KEYS[2], now_ms(), ARGV[3], ARGV[4], 'ok')
return { 'ok', ended }

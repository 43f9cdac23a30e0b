#!lua
-- Ends every session of an account but one. KEYS: sessions, account. ARGV: prefix of the session keys, sid to keep ('' = none), trace, event.
-- Returns { 'ok', how many }.
-- include _time
-- include _activity

local ended = 0
for _, sid in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if sid ~= ARGV[2] then
    ended = ended + redis.call('DEL', ARGV[1] .. sid)
    redis.call('ZREM', KEYS[1], sid)
  end
end
tell(KEYS[2], now_ms(), ARGV[3], ARGV[4], 'ok')
return { 'ok', ended }

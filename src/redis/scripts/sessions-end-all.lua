#!lua
-- Ends every session of an account. KEYS: sessions. ARGV: prefix of the session keys. Returns { 'ok', how many }.

local sids = redis.call('ZRANGE', KEYS[1], 0, -1)
local ended = 0
for _, sid in ipairs(sids) do ended = ended + redis.call('DEL', ARGV[1] .. sid) end
redis.call('DEL', KEYS[1])
return { 'ok', ended }

#!lua
-- Binds a proven address to an account, if it is free, the account's already, or left over from an account that has another
-- address now or is gone. Kills every other attempt for the address. Safe to repeat.
-- KEYS: owner, attempts. ARGV: account id, account id found to be no account of this address ('' = none), binding life ms, prefix
--       of the attempts' keys.
-- Returns { 'ok', boundAt } | { 'taken' }.
-- include _time

local now = now_ms()
local owner = redis.call('HMGET', KEYS[1], 'accountId', 'boundAt')
if owner[1] and owner[1] ~= ARGV[1] then
  -- A young one may still become an account: its sign-up is being finished.
  local is_stale = owner[1] == ARGV[2] and tonumber(owner[2]) + tonumber(ARGV[3]) < now
  if not is_stale then return { 'taken' } end
end
redis.call('HSET', KEYS[1], 'accountId', ARGV[1], 'boundAt', now)
for _, attempt in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do redis.call('DEL', ARGV[4] .. attempt) end
redis.call('DEL', KEYS[2])
return { 'ok', tostring(now) }

#!lua
-- Deletes an account: its record, everything with a fixed name, and what the indices name.
-- KEYS: account, session that asks, other addresses, then the indices, then all else with a fixed name.
-- ARGV: trace, how many indices, then for each the prefix of the keys that it names.
-- Returns { 'ok', address, tags of other addresses that may still name the account } | { 'ended' } | { 'admin' }.
-- include _time
-- include _activity

if redis.call('EXISTS', KEYS[2]) == 0 then return { 'ended' } end
local account = redis.call('HMGET', KEYS[1], 'email', 'role')
if not account[1] then return { 'ended' } end
-- An admin has to give up the role first, so that the last one can never be gone.
if account[2] == 'admin' then
  tell(KEYS[1], now_ms(), ARGV[1], 'account_deleted', 'admin')
  return { 'admin' }
end
local others = redis.call('SMEMBERS', KEYS[3])
for i = 1, tonumber(ARGV[2]) do
  for _, id in ipairs(redis.call('ZRANGE', KEYS[3 + i], 0, -1)) do redis.call('DEL', ARGV[2 + i] .. id) end
end
redis.call('DEL', unpack(KEYS))
return { 'ok', account[1], others }

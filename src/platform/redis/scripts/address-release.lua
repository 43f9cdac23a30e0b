#!lua
-- Lets go of an address that an account no longer has: anybody may sign up with it. Ends the attempts that run for it.
-- KEYS: owner, attempts, and what else goes with it. ARGV: account id, boundAt that was seen ('' = any), prefix of the attempts' keys.
-- Returns { 'ok' } | { 'kept' } (it is not this account's, or was bound again meanwhile).

local owner = redis.call('HMGET', KEYS[1], 'accountId', 'boundAt')
if owner[1] ~= ARGV[1] or (ARGV[2] ~= '' and owner[2] ~= ARGV[2]) then return { 'kept' } end
for _, attempt in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do redis.call('DEL', ARGV[3] .. attempt) end
redis.call('DEL', unpack(KEYS))
return { 'ok' }

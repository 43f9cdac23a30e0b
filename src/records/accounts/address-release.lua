#!lua
-- Releases an address that an account no longer has, with all that names the account: anybody may sign up with it. What strangers see of
-- the address stays: their attempts, as decoys, and its budgets.
-- KEYS: owner, attempts, idempotency, notice
-- ARGV: accountId, version, attemptPrefix
-- Returns: ok | kept - it is not this account's, or was bound again meanwhile
-- include ./_decoys.lua

local owner = redis.call('HMGET', KEY.owner, 'accountId', 'boundAt')
if owner[1] ~= ARG.accountId or (ARG.version and owner[2] ~= ARG.version) then return { 'kept' } end
make_decoys(KEY.attempts, ARG.attemptPrefix)
local requests = redis.call('HGETALL', KEY.idempotency)
for i = 1, #requests, 2 do
  if string.find(requests[i + 1], ARG.accountId, 1, true) then redis.call('HDEL', KEY.idempotency, requests[i]) end
end
redis.call('DEL', KEY.owner, KEY.notice)
return { 'ok' }

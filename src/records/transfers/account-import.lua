#!lua
-- Makes an account that was brought from elsewhere, without a session and without an entry in its activity.
-- KEYS: account, passkeys
-- ARGV: createdAt, passkeysJson, ...fields
-- Returns: ok | exists
-- include ../../platform/redis/lua/_time.lua
-- include ../events/_events.lua

if redis.call('EXISTS', KEY.account) == 1 then return { 'exists' } end
redis.call('HSET', KEY.account, 'role', 'user', 'credentialVersion', 1, 'createdAt', ARG.createdAt or now_ms(), unpack(ARG.fields))
for id, passkey in pairs(cjson.decode(ARG.passkeysJson)) do redis.call('HSET', KEY.passkeys, id, passkey) end
tell(KEY.account, 'account.created')
return { 'ok' }

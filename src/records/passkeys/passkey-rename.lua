#!lua
-- Gives a passkey another name.
-- KEYS: account, session, passkeys
-- ARGV: id, name, actor
-- Returns: ok(passkey) | ended | none
-- include ../../platform/redis/lua/_time.lua
-- include ../activity/_activity.lua

if redis.call('EXISTS', KEY.session) == 0 or redis.call('HGET', KEY.account, 'status') ~= 'active' then return { 'ended' } end
local stored = redis.call('HGET', KEY.passkeys, ARG.id)
if not stored then return { 'none' } end
local passkey = cjson.decode(stored)
passkey.name = ARG.name
stored = cjson.encode(passkey)
redis.call('HSET', KEY.passkeys, ARG.id, stored)
record_activity(KEY.account, now_ms(), ARG.actor, 'passkey_renamed', 'ok', 'passkey')
return { 'ok', stored }

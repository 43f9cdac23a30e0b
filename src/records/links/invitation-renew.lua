#!lua
-- Gives an invitation a new link. The older one is dead.
-- KEYS: account
-- ARGV: actor, linkId, linkLifeMs
-- Returns: ok | gone | accepted
-- include ../../platform/redis/lua/_time.lua
-- include ../activity/_activity.lua

local now = now_ms()
local status = redis.call('HGET', KEY.account, 'status')
if not status then return { 'gone' } end
if status ~= 'invited' then return { 'accepted' } end
redis.call('HSET', KEY.account, 'inviteId', ARG.linkId, 'inviteEndsAt', now + ARG.linkLifeMs)
record_activity(KEY.account, now, ARG.actor, 'invited', 'ok', 'email')
return { 'ok' }

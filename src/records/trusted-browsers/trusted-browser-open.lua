#!lua
-- Makes the browser of a session that has just been opened a trusted one, in place of the record that it had before. Not once the
-- session has ended: a change of a credential in between ended it, and trusted browsers with it.
-- KEYS: account, session, trustedBrowser, trustedBrowsers
-- ARGV: trustedId, lifeMs, mostBrowsers, prefix, replacedId, actor
-- Returns: ok | ended
-- include ../../platform/redis/lua/_time.lua
-- include ../activity/_activity.lua

local now = now_ms()
if redis.call('EXISTS', KEY.session) == 0 then return { 'ended' } end
local function drop(id)
  redis.call('DEL', ARG.prefix .. id)
  redis.call('ZREM', KEY.trustedBrowsers, id)
end
if ARG.replacedId then drop(ARG.replacedId) end
redis.call('ZREMRANGEBYSCORE', KEY.trustedBrowsers, '-inf', now - ARG.lifeMs)
for _, oldest in ipairs(redis.call('ZRANGE', KEY.trustedBrowsers, 0, -ARG.mostBrowsers)) do drop(oldest) end
local ip, device = read_actor(ARG.actor)
redis.call('HSET', KEY.trustedBrowser, 'gen', 1, 'turnedAt', now, 'createdAt', now, 'ip', ip, 'device', device)
redis.call('PEXPIRE', KEY.trustedBrowser, ARG.lifeMs)
redis.call('ZADD', KEY.trustedBrowsers, now, ARG.trustedId)
redis.call('PEXPIRE', KEY.trustedBrowsers, ARG.lifeMs)
record_activity(KEY.account, now, ARG.actor, 'trusted_device_added', 'ok')
return { 'ok' }

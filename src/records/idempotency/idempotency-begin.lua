#!lua
-- Claims a request that may come again (Idempotency-Key), or tells what became of it. Entries older than their life are dropped, and
-- the oldest of too many. For an account that is gone nothing is kept: the request can only fail.
-- KEYS: idempotency, account?
-- ARGV: id, print, lifeMs, claimMs, mostEntries
-- Returns: go | done(outcomeText) | running(waitMs) | different - the key was used for another request
-- include ../../platform/redis/lua/_time.lua

if KEY.account and redis.call('EXISTS', KEY.account) == 0 then return { 'go' } end
local now = now_ms()
local entries = redis.call('HGETALL', KEY.idempotency)
local stale, living, oldest = {}, 0, { at = now + 1 }
for i = 1, #entries, 2 do
  local entry = cjson.decode(entries[i + 1])
  if entry.at + ARG.lifeMs <= now then
    stale[#stale + 1] = entries[i]
  else
    living = living + 1
    if entry.at < oldest.at then oldest = { at = entry.at, id = entries[i] } end
    if entries[i] == ARG.id then
      if entry.print ~= ARG.print then return { 'different' } end
      if entry.outcome then return { 'done', entry.outcome } end
      if entry.turnEnds > now then return { 'running', entry.turnEnds - now } end
    end
  end
end
if living >= ARG.mostEntries then stale[#stale + 1] = oldest.id end
for _, id in ipairs(stale) do redis.call('HDEL', KEY.idempotency, id) end
redis.call('HSET', KEY.idempotency, ARG.id, cjson.encode({ print = ARG.print, at = now, turnEnds = now + ARG.claimMs }))
redis.call('PEXPIRE', KEY.idempotency, ARG.lifeMs)
return { 'go' }

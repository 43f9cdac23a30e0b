#!lua
-- Takes the turn of a request that may come again (Idempotency-Key), or tells what became of it. Entries older than their life go, and the oldest of too many.
-- KEYS: once. ARGV: id, print of the request, life ms, turn ms, most entries.
-- Returns { 'go' } | { 'done', outcome } | { 'running', ms } | { 'different' } (the key was used for another request).
-- include _time

local now = now_ms()
local life = tonumber(ARGV[3])
local entries = redis.call('HGETALL', KEYS[1])
local stale, living, oldest = {}, 0, { at = now + 1 }
for i = 1, #entries, 2 do
  local entry = cjson.decode(entries[i + 1])
  if entry.at + life <= now then
    stale[#stale + 1] = entries[i]
  else
    living = living + 1
    if entry.at < oldest.at then oldest = { at = entry.at, id = entries[i] } end
  end
  if entry.at + life > now and entries[i] == ARGV[1] then
    if entry.print ~= ARGV[2] then return { 'different' } end
    if entry.outcome then return { 'done', entry.outcome } end
    if entry.turnEnds > now then return { 'running', entry.turnEnds - now } end
  end
end
if living >= tonumber(ARGV[5]) then stale[#stale + 1] = oldest.id end
for _, id in ipairs(stale) do redis.call('HDEL', KEYS[1], id) end
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode({ print = ARGV[2], at = now, turnEnds = now + tonumber(ARGV[4]) }))
redis.call('PEXPIRE', KEYS[1], life)
return { 'go' }

#!lua flags=no-writes
-- Reads a part of the log from after a place on. A place that the log does not hold is lost: it was trimmed, or the log was put back from
-- a backup; then it reads from the oldest on.
-- KEYS: log
-- ARGV: after, since, count
-- Returns: ok(isLost, entries) - as XRANGE answers them; after: '' for the oldest, since: microseconds in place of a place

local is_lost = ARG.after ~= nil and #redis.call('XRANGE', KEY.log, ARG.after, ARG.after) == 0
local from = ARG.since or '-'
if ARG.after and not is_lost then from = '(' .. ARG.after .. '-0' end
return { 'ok', is_lost, redis.call('XRANGE', KEY.log, from, '+', 'COUNT', ARG.count) }

local function whole(number) return string.format('%.0f', number) end

-- Writes an event down. Its id in the stream is its `seq`: microseconds, so that no two logs use one twice, not even one that was put back
-- from a backup; and it grows, whatever the clock does. `number` is what the event is known by; without one it is the `seq`.
local function append_event(log, subject, kind, data, number)
  local time = redis.call('TIME')
  local last = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
  local seq = whole(math.max(time[1] * 1000000 + time[2], last and tonumber(string.match(last[1], '^%d+')) + 1 or 1))
  redis.call('XADD', log, seq .. '-0', 'type', kind, 'subject', subject, 'number', number or seq, 'data', data)
end

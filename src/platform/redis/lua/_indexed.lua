-- Deletes the records that an index names, but `keep`, which also stays in the index. Returns how many records there were.
local function end_indexed(index, prefix, keep)
  local ended = 0
  for _, id in ipairs(redis.call('ZRANGE', index, 0, -1)) do
    if id ~= keep then
      ended = ended + redis.call('DEL', prefix .. id)
      redis.call('ZREM', index, id)
    end
  end
  return ended
end

-- Adds a record that lives for `life` ms; other records in the same index may live longer.
local function add_to_index(index, id, now, life)
  redis.call('ZREMRANGEBYSCORE', index, '-inf', now)
  redis.call('ZADD', index, now + life, id)
  if redis.call('PTTL', index) < life then redis.call('PEXPIRE', index, life) end
end

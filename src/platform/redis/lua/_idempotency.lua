-- Keeps the outcome of a request that may come again. The first one stays.
local function keep_outcome(key, id, outcome)
  local text = redis.call('HGET', key, id)
  if not text then return end
  local entry = cjson.decode(text)
  if entry.outcome then return end
  entry.outcome = outcome
  redis.call('HSET', key, id, cjson.encode(entry))
end

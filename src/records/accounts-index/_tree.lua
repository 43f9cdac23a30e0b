-- A sorted list of keys in parts of at most MOST_IN_PART, which Redis keeps in its compact form: a tenth of what one large sorted set
-- would take. A directory, itself a sorted set, names each part by its first key. No key is the beginning of another one.
local MOST_IN_PART = 120
local MOST_PARTS_COUNTED = 100
local FIRST = '\0'

local function part_at(index, key)
  local named = redis.call('ZREVRANGEBYLEX', index, '[' .. key .. '\255', '-', 'LIMIT', 0, 1)[1]
  if not named then
    named = FIRST .. '00000000'
    redis.call('ZADD', index, 0, named)
  end
  return index .. ':' .. string.sub(named, -8), named
end

-- Lists of accounts are counted as they grow: to add up their parts would take long. A word's key has no name of a list.
local function note_count(index, key, change)
  local list = string.match(key, '^\1([^%z]*)%z')
  if list then redis.call('HINCRBY', index .. ':counts', list, change) end
end

local function tree_add(index, key)
  local part = part_at(index, key)
  if redis.call('ZADD', part, 0, key) == 0 then return end
  note_count(index, key, 1)
  if redis.call('ZCARD', part) <= MOST_IN_PART then return end
  local moved = redis.call('ZRANGE', part, MOST_IN_PART / 2, -1)
  local number = string.format('%08x', redis.call('INCR', index .. ':parts'))
  for _, one in ipairs(moved) do
    redis.call('ZREM', part, one)
    redis.call('ZADD', index .. ':' .. number, 0, one)
  end
  redis.call('ZADD', index, 0, moved[1] .. number)
end

local function tree_remove(index, key)
  local part, named = part_at(index, key)
  if redis.call('ZREM', part, key) == 0 then return end
  note_count(index, key, -1)
  if redis.call('EXISTS', part) == 0 and string.sub(named, 1, -9) ~= FIRST then redis.call('ZREM', index, named) end
end

-- The parts that hold keys from `from` to before `to`, at most `most` and one; `from` may be the beginning of a key.
local function parts_between(index, from, to, most)
  local before = redis.call('ZREVRANGEBYLEX', index, '(' .. from, '-', 'LIMIT', 0, 1)
  local within = redis.call('ZRANGEBYLEX', index, '[' .. from, '(' .. to, 'LIMIT', 0, most)
  local parts = {}
  for _, found in ipairs({ before, within }) do
    for _, named in ipairs(found) do parts[#parts + 1] = index .. ':' .. string.sub(named, -8) end
  end
  return parts
end

-- Answers the count, and whether it is exact: many parts are not added up, because Redis serves nobody else meanwhile.
local function tree_count(index, from, to)
  local within = redis.call('ZLEXCOUNT', index, '[' .. from, '(' .. to)
  if within > MOST_PARTS_COUNTED then return within * MOST_IN_PART, false end
  local parts = parts_between(index, from, to, -1)
  local count = 0
  for i, part in ipairs(parts) do
    count = count + (i > 1 and i < #parts and redis.call('ZCARD', part) or redis.call('ZLEXCOUNT', part, '[' .. from, '(' .. to))
  end
  return count, true
end

-- At most `most` keys after `after`, or from `from` on.
local function tree_range(index, from, to, after, most)
  local keys = {}
  local start = after and '(' .. after or '[' .. from
  for _, part in ipairs(parts_between(index, after or from, to, most)) do
    for _, key in ipairs(redis.call('ZRANGEBYLEX', part, start, '(' .. to, 'LIMIT', 0, most - #keys)) do keys[#keys + 1] = key end
    if #keys >= most then break end
  end
  return keys
end

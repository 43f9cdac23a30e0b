#!lua
-- Adds and removes what the index says of an account. Each item is `+` or `-`, its kind and its text. Safe to repeat.
-- KEYS: index
-- ARGV: id, createdAt, ...items
-- Returns: ok
-- include ./_tree.lua
-- include ./_index-keys.lua

for _, item in ipairs(ARG.items) do
  local key = key_of(string.sub(item, 2), ARG.id, ARG.createdAt)
  if string.sub(item, 1, 1) == '+' then tree_add(KEY.index, key) else tree_remove(KEY.index, key) end
end
return { 'ok' }

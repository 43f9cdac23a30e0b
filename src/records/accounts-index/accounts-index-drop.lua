#!lua
-- Removes keys of the index that were found to be true no longer.
-- KEYS: index
-- ARGV: ...hexKeys
-- Returns: ok
-- include ./_tree.lua
-- include ./_index-keys.lua

for _, hex in ipairs(ARG.hexKeys) do tree_remove(KEY.index, from_hex(hex)) end
return { 'ok' }

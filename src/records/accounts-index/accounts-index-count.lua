#!lua flags=no-writes
-- Counts the accounts of a list, or those that have a word with this beginning, each once.
-- KEYS: index
-- ARGV: list, word
-- Returns: ok(count) | many(count) - count: at most
-- include ./_tree.lua

if not ARG.word then return { 'ok', redis.call('HGET', KEY.index .. ':counts', ARG.list or '') or 0 } end
local words, is_exact = tree_count(KEY.index, '\2' .. ARG.word, '\2' .. ARG.word .. '\255')
local repeated, is_also_exact = tree_count(KEY.index, '\3' .. ARG.word, '\3' .. ARG.word .. '\255')
if not (is_exact and is_also_exact) then return { 'many', words } end
return { 'ok', words - repeated }

#!lua flags=no-writes
-- Counts the accounts of a list, or those that have a word with this beginning, each once.
-- KEYS: index
-- ARGV: list, word
-- Returns: ok(count)
-- include ./_tree.lua

if not ARG.word then return { 'ok', redis.call('HGET', KEY.index .. ':counts', ARG.list or '') or 0 } end
local words = tree_count(KEY.index, '\2' .. ARG.word, '\2' .. ARG.word .. '\255')
return { 'ok', words - tree_count(KEY.index, '\3' .. ARG.word, '\3' .. ARG.word .. '\255') }

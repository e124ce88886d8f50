-- What the scripts share. A draft is one hash:
--   m:<name>   what is known about the draft (m:ws workspace, m:v version, m:status …)
--   f:<path>   JSON text of a leaf
--   r:<path>   "<version> <ms> <who>" of the leaf's last change; stays when the leaf goes
--   c:<path>   "<version> <leaves below>" of an object, a keyed list or an item
-- Its log is another: e:<version> the entry with the values before, u:<version> what was undoable
-- before it, p:<patch id> an answer already given, q:<slot> the ring of those ids.
-- What the drafts of a workspace weigh is a third: by member, and their sum at "all".
-- Every script reads all that it needs before it writes, so a refusal changes nothing.

local keys = {draft = KEYS[1], log = KEYS[2], index = KEYS[3], names = KEYS[4], frozen = KEYS[5],
  ends = KEYS[6], sizes = KEYS[7], written = KEYS[8]}
local ask = cjson.decode(ARGV[1])
local KEPT_AFTER_EXPIRY = 30 * 24 * 3600 * 1000

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function leading_number(text)
  return text and tonumber(string.match(text, '^%d+')) or 0
end

local function containers_of(path)
  local found, from = {}, 1
  while true do
    local at = string.find(path, '/', from, true)
    if not at then return found end
    found[#found + 1] = string.sub(path, 1, at - 1)
    from = at + 1
  end
end

-- About what the leaf adds to the document's JSON text. What an item is called is in no other leaf
-- than the one that gives its position.
local function cost(path, value)
  return #(string.match(path, '([^/]*)/~p$') or string.match(path, '[^/]*$')) + #value + 4
end

local function dotted(path)
  path = string.gsub(string.gsub(path, '/~[plo]$', ''), '/', '.')
  path = string.gsub(string.gsub(path, '~e', ''), '~1', '/')
  return (string.gsub(path, '~0', '~'))
end

local function publish(id, event)
  redis.call('PUBLISH', 'draft-events:' .. id, cjson.encode(event))
end

-- Every key of the draft and its place in the index end at the same moment; that it ends is
-- remembered until what was kept beside it is gone too.
local function renew(at)
  local expires = at + ask.ttl
  redis.call('HSET', keys.draft, 'm:expires', expires)
  redis.call('PEXPIREAT', keys.draft, expires)
  redis.call('PEXPIREAT', keys.log, expires)
  redis.call('ZADD', keys.index, expires, ask.member)
  redis.call('ZADD', keys.ends, expires, ask.ending)
  redis.call('PEXPIREAT', keys.index, expires + KEPT_AFTER_EXPIRY)
  redis.call('PEXPIREAT', keys.names, expires + KEPT_AFTER_EXPIRY)
  redis.call('PEXPIREAT', keys.sizes, expires + KEPT_AFTER_EXPIRY)
  return expires
end

-- Write leaves and keep the containers' counts: changes are {path, old or false, new or false}.
local function write_leaves(key, changes, version, at, by)
  local stamp = string.format('%d %d %s', version, at, by)
  local counts = {}
  for _, change in ipairs(changes) do
    local path, old, new = change[1], change[2], change[3]
    if new then
      redis.call('HSET', key, 'f:' .. path, new, 'r:' .. path, stamp)
    else
      redis.call('HDEL', key, 'f:' .. path)
      redis.call('HSET', key, 'r:' .. path, stamp)
    end
    local delta = (new and 1 or 0) - (old and 1 or 0)
    for _, container in ipairs(containers_of(path)) do
      counts[container] = (counts[container] or 0) + delta
    end
  end
  for container, delta in pairs(counts) do
    local before = redis.call('HGET', key, 'c:' .. container)
    local count = before and tonumber(string.match(before, ' (%d+)$')) or 0
    redis.call('HSET', key, 'c:' .. container, string.format('%d %d', version, count + delta))
  end
end

-- What the drafts of the workspace weigh, and those that expired since they were weighed.
local function living_weight(at)
  local flat, all, expired = redis.call('HGETALL', keys.sizes), 0, {}
  for i = 1, #flat, 2 do
    local ends = tonumber(redis.call('ZSCORE', keys.index, flat[i]) or 0)
    if ends > at then
      all = all + tonumber(flat[i + 1])
    elseif flat[i] ~= 'all' then
      expired[#expired + 1] = flat[i]
    end
  end
  return all, expired
end

-- How much more they may weigh, given that somebody wants `more`. The second: who is not to be
-- counted any more, looked for only when there seems to be no room.
local function room_for(more, at)
  local all = tonumber(redis.call('HGET', keys.sizes, 'all') or 0)
  if all + more <= ask.most_together then return ask.most_together - all end
  local living, expired = living_weight(at)
  return ask.most_together - living, {all = living, members = expired}
end

-- Note what the draft and its log weigh in Redis now.
local function weigh(recounted)
  if recounted then
    for _, member in ipairs(recounted.members) do redis.call('HDEL', keys.sizes, member) end
    redis.call('HSET', keys.sizes, 'all', recounted.all)
  end
  local before, weight = redis.call('HGET', keys.sizes, ask.member) or 0, 0
  for _, key in ipairs({keys.draft, keys.log}) do
    weight = weight + (redis.call('MEMORY', 'USAGE', key, 'SAMPLES', 0) or 0)
  end
  redis.call('HSET', keys.sizes, ask.member, weight)
  redis.call('HINCRBY', keys.sizes, 'all', weight - before)
end

-- About what a new leaf weighs: its path stands beside its value and beside its stamp.
local function leaf_weight(path, value) return 2 * #path + #value + 150 end

-- The milliseconds to wait before the workspace may write `bytes`, if it has to.
local function wait_to_write(bytes)
  local written = tonumber(redis.call('GET', keys.written) or 0)
  if written > 0 and written + bytes > ask.most_written then
    return redis.call('PTTL', keys.written)
  end
end

local function note_written(bytes)
  if redis.call('INCRBY', keys.written, bytes) == bytes then
    redis.call('PEXPIRE', keys.written, 60 * 1000)
  end
end

local function remember_name()
  local name = redis.call('HGET', keys.draft, 'f:name')
  if name then
    redis.call('HSET', keys.names, ask.member, name)
  else
    redis.call('HDEL', keys.names, ask.member)
  end
end

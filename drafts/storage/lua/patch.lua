-- Writes one change to a draft, or says why not and writes nothing.
-- ask: id member ending ws ttl by mode most_bytes most_fields most_entries most_logged most_together
--   most_written seen, and maybe patch_id, match (whole version), expected (as match, but the caller tries again), base (the
--   version from which on somebody else's changes conflict)
-- then four lists, each after its length: sets (path, value), deletes (path),
--   guards (kind and path in one: "=" unchanged since seen, "~" as well, and never in conflict,
--   "+" exists, "-" does not exist).
local RING = 128
local key = keys.draft
local names = {'ws', 'status', 'v', 'bytes', 'fields', 'undo', 'redo', 'first', 'logged', 'pruned'}
local meta = {}
for i, name in ipairs(names) do meta[i] = 'm:' .. name end
local values = redis.call('HMGET', key, unpack(meta))
for i, name in ipairs(names) do meta[name] = values[i] end

if meta.ws ~= ask.ws then return {'GONE'} end
-- Also while a deploy holds the draft: what was written before it was written.
if ask.patch_id then
  local given = redis.call('HGET', keys.log, 'p:' .. ask.patch_id)
  if given then return {'REPLAY', given} end
end
if meta.status ~= 'draft' and meta.status ~= 'failed' then return {'LOCKED'} end
local version = tonumber(meta.v)
if ask.match and ask.match ~= version then return {'STALE', version} end
if ask.expected and ask.expected ~= version then return {'RETRY'} end

local cursor = 2
local function take_list(width)
  local found, length = {}, tonumber(ARGV[cursor])
  for i = 1, length do
    found[i] = {ARGV[cursor + (i - 1) * width + 1], width > 1 and ARGV[cursor + i * width]}
  end
  cursor = cursor + length * width + 1
  return found
end
local sets, deletes, guards = take_list(2), take_list(1), take_list(1)

local function stamp(field) return redis.call('HGET', key, field) end
local function exists(path) return redis.call('HEXISTS', key, 'f:' .. path) == 1 end
local function below(path)
  local text = stamp('c:' .. path)
  return text and tonumber(string.match(text, ' (%d+)$')) or 0
end

-- What must still be as it was when the caller read the draft.
local unchanged, following, deleted = {}, {}, {}
for _, entry in ipairs(deletes) do deleted[entry[1]] = true end
for _, entry in ipairs(guards) do
  local kind, path = string.sub(entry[1], 1, 1), string.sub(entry[1], 2)
  if kind == '=' or kind == '~' then
    unchanged[path], following[path] = true, kind == '~'
    local newest = math.max(leading_number(stamp('r:' .. path)), leading_number(stamp('c:' .. path)))
    if newest > ask.seen then return {'RETRY'} end
  elseif exists(path) ~= (kind == '+') then
    return {'RETRY'}
  end
end
local containers = {}
for _, entry in ipairs(sets) do
  local path = entry[1]
  containers[path] = containers_of(path)
  for _, container in ipairs(containers[path]) do
    if exists(container) and not deleted[container] then return {'RETRY'} end
  end
  if ask.mode == 'patch' and not unchanged[path] and below(path) > 0 then return {'RETRY'} end
end

-- What really changes: a value that is there already is no change and no conflict.
local changes, bytes, fields = {}, tonumber(meta.bytes), tonumber(meta.fields)
local more, size = 0, 0
local function change(path, new)
  local old = redis.call('HGET', key, 'f:' .. path)
  if old == new then return end
  changes[#changes + 1] = {path, old, new}
  bytes = bytes + (new and cost(path, new) or 0) - (old and cost(path, old) or 0)
  fields = fields + (new and 1 or 0) - (old and 1 or 0)
  more = more + (new and leaf_weight(path, new) or 0) - (old and leaf_weight(path, old) or 0)
  size = size + #path + (new and #new or 0)
end
for _, entry in ipairs(sets) do change(entry[1], entry[2]) end
for _, entry in ipairs(deletes) do change(entry[1], false) end

local function conflicts(path, old)
  local text = stamp('r:' .. path)
  if math.max(leading_number(text), leading_number(stamp('c:' .. path))) > ask.base then
    return true
  end
  if not text and not old and tonumber(meta.pruned) > ask.base then return true end
  for _, container in ipairs(containers[path] or containers_of(path)) do
    if leading_number(stamp('r:' .. container)) > ask.base then return true end
    local counted = stamp('c:' .. container)
    if counted and string.match(counted, ' 0$') and leading_number(counted) > ask.base then
      return true
    end
  end
  return false
end
if ask.base then
  local found = {'CONFLICT', version}
  for _, entry in ipairs(changes) do
    if not following[entry[1]] and conflicts(entry[1], entry[2]) then found[#found + 1] = entry[1] end
  end
  if #found > 2 then return found end
end

if bytes > ask.most_bytes and bytes > tonumber(meta.bytes) then return {'TOO_BIG'} end
if fields > ask.most_fields and fields > tonumber(meta.fields) then return {'TOO_MANY'} end
local wait = #changes > 0 and wait_to_write(size)
if wait then return {'TOO_OFTEN', wait} end
local at = now()
local room, recounted = room_for(more, at)
-- Where there is no room, what was to be undone goes before anything is refused.
local most_logged = tonumber(meta.logged) + room - math.max(0, more)
if more > 0 and most_logged < 0 then return {'NO_ROOM'} end
most_logged = math.min(most_logged, ask.most_logged)
local merged = ask.base and ask.base < version and 1 or 0
local first, logged = tonumber(meta.first), tonumber(meta.logged)
local undo, redo = tonumber(meta.undo), tonumber(meta.redo)
-- Undoable and redoable versions are two chains; each entry knows the one before it.
local undo_after = tonumber(redis.call('HGET', keys.log, 'u:' .. undo) or 0)
local redo_after = tonumber(redis.call('HGET', keys.log, 'u:' .. redo) or 0)
local crowded = redis.call('HLEN', key) > 4 * ask.most_fields

-- From here on only writes.
if #changes > 0 then
  version = version + 1
  write_leaves(key, changes, version, at, ask.by)

  local before, paths, renamed = {}, {}, false
  for i, entry in ipairs(changes) do
    before[2 * i - 1], before[2 * i] = entry[1], entry[2]
    paths[i] = dotted(entry[1])
    renamed = renamed or entry[1] == 'name'
  end
  local reverts = ask.mode == 'undo' and undo or ask.mode == 'redo' and redo or nil
  local text = cjson.encode(
    {by = ask.by, at = at, mode = ask.mode, reverts = reverts, changes = before})
  local chained = undo
  if ask.mode == 'undo' then
    chained, undo, redo = redo, undo_after, version
  elseif ask.mode == 'redo' then
    undo, redo = version, redo_after
  else
    undo, redo = version, 0
  end
  redis.call('HSET', keys.log, 'e:' .. version, text, 'u:' .. version, chained)
  logged = logged + #text
  while first < version and
      (version - first >= ask.most_entries or logged > most_logged) do
    logged = logged - redis.call('HSTRLEN', keys.log, 'e:' .. first)
    redis.call('HDEL', keys.log, 'e:' .. first, 'u:' .. first)
    first = first + 1
  end
  redis.call('HSET', key, 'm:v', version, 'm:updated', at, 'm:bytes', bytes, 'm:fields', fields,
    'm:undo', undo, 'm:redo', redo, 'm:first', first, 'm:logged', logged)
  -- What failed to deploy was another document than this one.
  if meta.status == 'failed' then
    redis.call('HSET', key, 'm:status', 'draft', 'm:failure', '')
  end
  if renamed then remember_name() end
  weigh(recounted)
  note_written(size + #text)
  publish(ask.id, {version = version, by = ask.by, patch_id = ask.patch_id, paths = paths})
end

local expires = renew(at)
local updated = #changes > 0 and at or tonumber(redis.call('HGET', key, 'm:updated'))
if ask.patch_id then
  local slot = 'q:' .. redis.call('HINCRBY', keys.log, 'ring', 1) % RING
  local oldest = redis.call('HGET', keys.log, slot)
  if oldest then redis.call('HDEL', keys.log, 'p:' .. oldest) end
  redis.call('HSET', keys.log, slot, ask.patch_id, 'p:' .. ask.patch_id,
    string.format('%d %d %d %d', version, updated, expires, merged))
end

-- Traces of what was deleted long ago make room for the living.
if crowded then
  for _, field in ipairs(redis.call('HKEYS', key)) do
    local kind, path = string.sub(field, 1, 2), string.sub(field, 3)
    if (kind == 'r:' and not exists(path)) or (kind == 'c:' and below(path) == 0) then
      redis.call('HDEL', key, field)
    end
  end
  redis.call('HSET', key, 'm:pruned', version)
end
return {'OK', version, updated, expires, merged}

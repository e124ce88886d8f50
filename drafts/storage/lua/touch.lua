-- Lets a draft live for another ttl. ask: member ws ttl
if redis.call('HGET', keys.draft, 'm:ws') ~= ask.ws then return {'GONE'} end
return {'OK', renew(keys, ask.member, now(), ask.ttl)}

-- Gives slots back, or holds them for another period; a period below 0 says that they are given back. Each hold is given once. Answers the moment,
-- then of each whether it was held. What others hold of the account lies no longer than a period ahead afterwards, though the clock went back:
-- who only ever renews is not to be outlasted by a slot of a time that may be hours away. A period of 0 is of earlier versions.
create or replace function parley.limit_hold(
  identities text[], rules text[], owners bigint[], holders text[], periods bigint[],
  out moment bigint, out answer bigint[]
) language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  latest bigint;
begin
  perform parley.limit_lock(identities, rules);
  moment := parley.limit_now();
  for i in 1..cardinality(owners) loop
    latest := moment + abs(periods[i]);
    if periods[i] <= 0 then
      delete from parley.limit_slots as s
      where s.identity = identities[owners[i]] and s.rule = rules[owners[i]] and s.holder = holders[i] and s.ends > moment;
    else
      update parley.limit_slots as s set ends = latest
      where s.identity = identities[owners[i]] and s.rule = rules[owners[i]] and s.holder = holders[i] and s.ends > moment;
    end if;
    answer[i] := found::int;
    if latest > moment then
      update parley.limit_slots as s set ends = latest
      where s.identity = identities[owners[i]] and s.rule = rules[owners[i]] and s.ends > latest;
    end if;
  end loop;
end
$$;

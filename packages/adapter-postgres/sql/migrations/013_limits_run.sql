-- Carries out requests, each by itself and in their order, at one moment behind the locks of all that they are about. How each kind of rule
-- counts is told by the reference functions of @parley/ratelimit; products stay below 2^53 there, and so within a bigint here.
--
-- Accounts, each once: identity and rule, the kind (1 gcra and bucket, 2 fixed, 3 sliding, 4 log, 5 concurrency), the period. Variants of rules:
-- limit, burst, and the plan of blocks (`block_ms` 0: none). Charges: account, variant, cost, whether in shadow. Requests: what to do (0 look;
-- 1 take; 2 charge without asking, below 0 give back; 3 block for so many ms, 0 forgive), how many charges, the holder of slots, which token
-- (0: none), for how long it is kept.
--
-- Answers the moment, and seven numbers for each charge: whether its request is admitted, whether the token of that was known, whether the rule
-- admits the charge, what remains, and the ms until it would be admitted, until the rule is as if never used, and until the block ends.
create function parley.limit_run(
  identities text[], rules text[], kinds bigint[], periods bigint[],
  limits bigint[], bursts bigint[], block_ms bigint[], factors bigint[], max_ms bigint[], forget_ms bigint[],
  owners bigint[], variants bigint[], costs bigint[], shadows boolean[],
  acts bigint[], sizes bigint[], holders text[], token_of bigint[], keeps bigint[], tokens bytea[],
  out moment bigint, out answer bigint[]
) language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
#variable_conflict use_column
declare
  changes constant boolean := 0 < any (acts);
  -- Of accounts, as they are by now.
  marks bigint[];
  uses bigint[];
  earlier bigint[];
  blocked bigint[];
  strikes bigint[];
  forget bigint[];
  finals bigint[] := array_fill(0::bigint, array[cardinality(identities)]);
  added bigint[] := finals;  -- to logs, now
  written boolean[] := array_fill(false, array[cardinality(identities)]);
  struck boolean[] := written;
  -- Of tokens, until when they are known, and whether since now.
  known bigint[];
  begun boolean[];
  here record;
  waits bigint[] := '{}';
  filled int := 0;
  first int;
  last int := 0;
  a int;
  v int;
  act int;
  cost bigint;
  period bigint;
  cap bigint;
  rest bigint;
  gap bigint;
  ms bigint;
  admitted boolean;
  replays boolean;
  own boolean;
begin
  if changes then
    perform parley.limit_lock(identities, rules);
  end if;
  moment := parley.limit_now();
  answer := '{}';

  select
    array_agg(coalesce(k.at, 0)), array_agg(coalesce(k.used, 0)), array_agg(coalesce(k.before, 0)),
    array_agg(coalesce(k.until, 0)), array_agg(coalesce(k.strikes, 0)), array_agg(coalesce(k.forget_at, 0))
  into marks, uses, earlier, blocked, strikes, forget
  from (
    select c.at, c.used, c.before, g.until, case when g.forget_at > moment then g.strikes end as strikes, g.forget_at
    from unnest(identities, rules) with ordinality as u (identity, rule, n)
    left join parley.limit_counts as c on c.identity = u.identity and c.rule = u.rule
    left join parley.limit_guards as g on g.identity = u.identity and g.rule = u.rule
    order by u.n
  ) as k;
  if 4 <= any (kinds) then
    for i in 1..cardinality(kinds) loop
      if kinds[i] = 4 then
        select * into here from parley.limit_log(identities[i], rules[i], periods[i], moment, changes);
        marks[i] := here.at;
        uses[i] := here.used;
        written[i] := here.ahead;
      elsif kinds[i] = 5 then
        select * into here from parley.limit_slots_out(identities[i], rules[i], periods[i], moment, changes);
        marks[i] := here.at;
        uses[i] := here.used;
      end if;
    end loop;
  end if;
  if cardinality(tokens) > 0 then
    select array_agg(coalesce(k.ends, 0)), array_agg(false) into known, begun
    from (
      select t.ends from unnest(tokens) with ordinality as u (token, n)
      left join parley.limit_tokens as t on t.token = u.token order by u.n
    ) as k;
  end if;

  for r in 1..cardinality(sizes) loop
    first := last + 1;
    last := last + sizes[r];
    act := acts[r];
    replays := token_of[r] > 0 and known[token_of[r]] > moment;
    admitted := true;

    for i in first..last loop
      a := owners[i];
      v := variants[i];
      period := periods[a];
      cap := limits[v];
      cost := costs[i];
      -- Up to now. What lies further in the future than it could by itself was written before the clock went back.
      if kinds[a] = 1 then
        gap := moment - marks[a];
        if uses[a] > 0 and gap <> 0 then
          if gap < 0 then
            written[a] := true;
          elsif gap >= (uses[a] + cap - 1) / cap then
            uses[a] := 0;
          else
            uses[a] := uses[a] - gap * cap;
          end if;
          marks[a] := moment;
        end if;
      elsif kinds[a] = 2 then
        if marks[a] <= moment then
          uses[a] := 0;
        elsif marks[a] > moment + period then
          marks[a] := moment + period;
          written[a] := true;
        end if;
      elsif kinds[a] = 3 then
        gap := moment - marks[a];
        if gap < 0 then
          marks[a] := moment;
          written[a] := written[a] or uses[a] + earlier[a] > 0;
        elsif gap >= 2 * period or (gap >= period and uses[a] = 0) then
          uses[a] := 0;
          earlier[a] := 0;
        elsif gap >= period then
          marks[a] := marks[a] + period;
          earlier[a] := uses[a];
          uses[a] := 0;
        end if;
      end if;

      continue when act > 1;
      ms := 0;
      if not replays then
        rest := cap - cost - uses[a];
        if kinds[a] = 1 then
          rest := (bursts[v] - cost) * period - uses[a];
          if rest < 0 then
            ms := (cap - 1 - rest) / cap;
          end if;
        elsif kinds[a] = 2 then
          if rest < 0 then
            ms := marks[a] - moment;
          end if;
        elsif kinds[a] = 3 then
          gap := marks[a] + period - moment;
          if rest < 0 then
            ms := gap + (uses[a] - 1 - rest * period) / uses[a];
          elsif earlier[a] * gap > rest * period then
            ms := (earlier[a] * gap - rest * period + earlier[a] - 1) / earlier[a];
          end if;
        elsif rest < 0 and kinds[a] = 4 then
          ms := parley.limit_log_wait(identities[a], rules[a], period, moment, -rest);
        elsif rest < 0 then
          ms := parley.limit_slots_wait(identities[a], rules[a], holders[r], period, moment, -rest);
        end if;
        if not shadows[i] and (ms > 0 or blocked[a] > moment) then
          admitted := false;
        end if;
      end if;
      waits[i] := ms;
    end loop;

    for i in first..last loop
      a := owners[i];
      v := variants[i];
      period := periods[a];
      cap := limits[v];
      cost := costs[i];
      own := true;
      if act < 2 then
        own := replays or (waits[i] = 0 and blocked[a] <= moment);
      end if;

      if act = 1 and not own then
        if block_ms[v] > 0 and blocked[a] <= moment then
          blocked[a] := moment + least(max_ms[v], block_ms[v] * power(factors[v]::float8, strikes[a]))::bigint;
          strikes[a] := least(strikes[a] + 1, 64);
          forget[a] := blocked[a] + forget_ms[v];
          struck[a] := true;
        end if;
      elsif act = 3 then
        blocked[a] := case when cost > 0 then moment + cost else 0 end;
        if cost = 0 then
          strikes[a] := 0;
          forget[a] := 0;
        end if;
        struck[a] := true;
      elsif act = 2 and cost < 0 then
        written[a] := true;
        if kinds[a] = 1 then
          uses[a] := case when -cost >= (uses[a] + period - 1) / period then 0 else uses[a] + cost * period end;
        elsif kinds[a] = 3 then
          gap := greatest(0, uses[a] + cost);
          earlier[a] := greatest(0, earlier[a] + cost + uses[a] - gap);
          uses[a] := gap;
        elsif kinds[a] = 4 then
          gap := least(added[a], -cost);
          added[a] := added[a] - gap;
          uses[a] := greatest(0, uses[a] + cost);
          if added[a] = 0 then
            marks[a] := parley.limit_log_back(identities[a], rules[a], period, moment, -cost - gap);
          end if;
        else
          uses[a] := greatest(0, uses[a] + cost);
        end if;
      elsif act = 2 or (act = 1 and admitted and not replays) then
        written[a] := kinds[a] < 5;
        if kinds[a] = 1 then
          uses[a] := greatest(uses[a], least(uses[a] + least(cost, 2 * bursts[v]) * period, 2 * bursts[v] * period));
          marks[a] := moment;
        elsif kinds[a] < 5 then
          if kinds[a] = 2 and uses[a] = 0 then
            marks[a] := moment + period;
          elsif kinds[a] = 3 and uses[a] = 0 and earlier[a] = 0 then
            marks[a] := moment;
          end if;
          rest := greatest(0, least(cost, 2 * cap - uses[a]));
          uses[a] := uses[a] + rest;
          if kinds[a] = 4 and rest > 0 then
            added[a] := added[a] + rest;
            marks[a] := moment;
          end if;
        else
          insert into parley.limit_slots as s (identity, rule, holder, cost, ends)
          values (identities[a], rules[a], holders[r], cost, moment + period)
          on conflict (identity, rule, holder) do update set cost = excluded.cost, ends = excluded.ends where s.ends <= moment;
          if found then
            uses[a] := uses[a] + cost;
            marks[a] := greatest(marks[a], moment + period);
          end if;
        end if;
      end if;

      rest := uses[a];
      ms := 0;
      if kinds[a] = 1 then
        rest := (uses[a] + period - 1) / period;
        ms := (uses[a] + cap - 1) / cap;
      elsif kinds[a] = 3 then
        if uses[a] + earlier[a] > 0 then
          gap := marks[a] + period - moment;
          rest := uses[a] + (earlier[a] * gap + period - 1) / period;
          ms := gap + case when uses[a] > 0 then period else 0 end;
        end if;
      elsif uses[a] > 0 then
        ms := marks[a] - moment + case when kinds[a] = 4 then period else 0 end;
      end if;
      finals[a] := moment + ms;
      gap := greatest(0, blocked[a] - moment);
      answer[filled + 1] := admitted::int;
      answer[filled + 2] := replays::int;
      answer[filled + 3] := own::int;
      answer[filled + 4] := case when gap > 0 then 0 else greatest(0, bursts[v] - rest) end;
      answer[filled + 5] := case when own then 0 else greatest(waits[i], gap) end;
      answer[filled + 6] := ms;
      answer[filled + 7] := gap;
      filled := filled + 7;
    end loop;

    if token_of[r] > 0 and act = 1 and admitted and not replays and keeps[r] > 0 then
      known[token_of[r]] := moment + keeps[r];
      begun[token_of[r]] := true;
    end if;
  end loop;

  if not changes then
    return;
  end if;
  if true = any (written) then
    update parley.limit_counts as c set at = u.at, used = u.used, before = u.before, ends = u.ends
    from unnest(identities, rules, marks, uses, earlier, finals, written) as u (identity, rule, at, used, before, ends, written)
    where u.written and c.identity = u.identity and c.rule = u.rule;
  end if;
  if 4 = any (kinds) then
    perform parley.limit_log_write(identities, rules, kinds, periods, written, added, moment);
  end if;
  if true = any (struck) then
    perform parley.limit_guard(identities, rules, blocked, strikes, forget, struck);
  end if;
  if true = any (begun) then
    insert into parley.limit_tokens (token, ends)
    select u.token, u.ends from unnest(tokens, known, begun) as u (token, ends, begun) where u.begun
    on conflict (token) do update set ends = excluded.ends;
  end if;
end
$$;

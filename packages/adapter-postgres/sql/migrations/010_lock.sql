-- Locks: who holds what until when, who waits, and what was the last fence of each. Logged: a crash of the server loses none of it.
--
-- There are three locks of the server, taken in this order by all:
-- 1. the turn of a key (advisory, of this transaction): whoever asks and whoever lets go come one after another, so that nobody queues behind
--    a holder who has just looked whether somebody waits. Only single statements take it, so it is held for their time.
-- 2. the lock of a key (advisory, of this transaction): a transaction that is locked itself has it alone until its end; whoever takes or lets
--    go of a lease shares it, and never waits for it.
-- 3. its row. Whoever checks a fence shares its key, and nobody takes the lock then; whoever extends a lease changes nothing of its key.

create table parley.locks (
  key   text collate "C" primary key,
  token text collate "C",            -- who holds it, or whose turn it is; null: nobody
  held  boolean not null,            -- false: it is only kept for the token
  fence bigint not null,             -- the last one: microseconds of the server's clock, or one above the one before
  until timestamptz not null         -- when the lease or the claim is over, or the lock was let go
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

create table parley.lock_waiters (
  key   text collate "C" not null,
  token text collate "C" not null,
  ear   text not null,               -- who is told
  place bigint generated always as identity,
  until timestamptz not null,        -- when it is given up, if it does not ask again
  primary key (key, token)
) with (autovacuum_vacuum_scale_factor = 0.05);

create index on parley.lock_waiters (key, place);

create function parley.lock_number(name text) returns bigint language sql stable as $$
  select hashtextextended(name, 'parley.locks'::regclass::oid::bigint)
$$;

create function parley.lock_turn(name text) returns bigint language sql stable as $$
  select hashtextextended(name, 'parley.lock_waiters'::regclass::oid::bigint)
$$;

create function parley.lock_fence(last bigint, moment timestamptz) returns bigint language sql immutable as $$
  select greatest(coalesce(last, 0) + 1, floor(extract(epoch from moment) * 1000000)::bigint)
$$;

-- Of a lock that is free: keeps it for the first of those who wait, and tells them. False: nobody waits, or the first one is the one who asks.
create function parley.lock_hand_on(name text, asking text, claim float8, moment timestamptz) returns boolean
language plpgsql as $$
declare
  next record;
begin
  loop
    select w.token, w.ear, w.until into next from parley.lock_waiters as w where w.key = name order by w.place limit 1;
    if not found or next.token = asking then
      return false;
    end if;
    delete from parley.lock_waiters as w where w.key = name and w.token = next.token;
    exit when next.until > moment;
  end loop;
  if next.ear ~ '^-[0-9]+$' then
    -- It cannot be told, and asks by itself in this time.
    claim := substr(next.ear, 2)::float8;
  end if;
  insert into parley.locks as l (key, token, held, fence, until)
  values (name, next.token, false, 0, moment + claim * interval '1 ms')
  on conflict (key) do update set token = excluded.token, held = false, until = excluded.until;
  if next.ear ~ '^-[0-9]+$' then
    return true;
  end if;
  perform pg_notify('parley_lock_' || next.ear, next.token || ' ' || name);
  return true;
end
$$;

-- Takes a lease, or queues where there is an ear. Answers the fence, or null and for how many ms it is held or kept for another.
create function parley.lock_acquire(name text, asking text, lease float8, claim float8, listening text, keep float8)
returns table (given bigint, for_ms float8) language plpgsql as $$
declare
  moment timestamptz;
  known parley.locks;
begin
  perform pg_advisory_xact_lock(parley.lock_turn(name));
  if pg_try_advisory_xact_lock_shared(parley.lock_number(name)) then
    moment := clock_timestamp();
    select l.* into known from parley.locks as l where l.key = name for update skip locked;
    if not found and exists (select from parley.locks as l where l.key = name) then
      -- A transaction that has checked the fence of the last holder is not over yet.
      for_ms := 25;
    elsif known.until > moment and known.held and known.token = asking then
      update parley.locks as l set until = moment + lease * interval '1 ms' where l.key = name;
      given := known.fence;
    elsif known.until > moment and known.token <> asking then
      for_ms := extract(epoch from known.until - moment) * 1000;
    elsif coalesce(known.token <> asking or known.until <= moment, true) and parley.lock_hand_on(name, asking, claim, moment) then
      for_ms := claim;
    else
      delete from parley.lock_waiters as w where w.key = name and w.token = asking;
      insert into parley.locks as l (key, token, held, fence, until)
      values (name, asking, true, parley.lock_fence(known.fence, moment), moment + lease * interval '1 ms')
      on conflict (key) do update set token = excluded.token, held = true, fence = excluded.fence, until = excluded.until
      returning l.fence into given;
    end if;
  else
    -- A transaction has it: nobody knows for how long, and nobody is told when it ends.
    for_ms := 25;
  end if;
  if given is null and listening is not null then
    moment := clock_timestamp();
    select l.* into known from parley.locks as l
    where l.key = name and l.token = asking and not l.held and l.until > moment for no key update skip locked;
    -- Those who ask again and again change nothing most of the time: behind a long transaction nobody clears away what they leave.
    if found then
      -- It is their turn, and stays so while a transaction keeps them from it.
      update parley.locks as l set until = moment + claim * interval '1 ms'
      where l.key = name and known.until < moment + claim / 2 * interval '1 ms';
    elsif not exists (
      select from parley.lock_waiters as w
      where w.key = name and w.token = asking and w.until > moment + keep / 2 * interval '1 ms'
    ) then
      insert into parley.lock_waiters as w (key, token, ear, until)
      values (name, asking, listening, moment + keep * interval '1 ms')
      on conflict (key, token) do update set until = excluded.until;
    end if;
  end if;
  return next;
end
$$;

-- Gives up what there is under a token. Answers whether the lock was held until now.
create function parley.lock_release(name text, leaving text, claim float8) returns boolean language plpgsql as $$
declare
  moment timestamptz;
  known parley.locks;
begin
  perform pg_advisory_xact_lock(parley.lock_turn(name));
  delete from parley.lock_waiters as w where w.key = name and w.token = leaving;
  if not pg_try_advisory_xact_lock_shared(parley.lock_number(name)) then
    return false;
  end if;
  select l.* into known from parley.locks as l where l.key = name and l.token = leaving for no key update;
  if not found then
    return false;
  end if;
  moment := clock_timestamp();
  if not parley.lock_hand_on(name, null, claim, moment) then
    update parley.locks as l set token = null, held = false, until = moment where l.key = name;
  end if;
  return known.held and known.until > moment;
end
$$;

-- Locks a key until the transaction of the caller ends, if it is free. Answers the fence; null: it is not, and nothing is left of the attempt.
create function parley.lock_in_transaction(name text) returns bigint language plpgsql as $$
declare
  moment timestamptz;
  known parley.locks;
  given bigint;
begin
  -- With the snapshot of an earlier moment it could not be seen who holds the lock now.
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'a lock cannot be taken in a transaction that is %', current_setting('transaction_isolation')
    using errcode = '0A000', hint = 'begin it as read committed';
  end if;
  begin
    if not pg_try_advisory_xact_lock(parley.lock_number(name)) then
      return null;
    end if;
    moment := clock_timestamp();
    select l.* into known from parley.locks as l where l.key = name for update skip locked;
    if found then
      if known.token is not null and known.until > moment then
        raise exception using errcode = 'PLOCK';
      end if;
    elsif exists (select from parley.locks as l where l.key = name) then
      raise exception using errcode = 'PLOCK';
    end if;
    insert into parley.locks as l (key, token, held, fence, until)
    values (name, null, false, parley.lock_fence(known.fence, moment), moment)
    on conflict (key) do update set token = null, held = false, fence = excluded.fence, until = excluded.until
    returning l.fence into given;
    return given;
  exception when sqlstate 'PLOCK' then
    -- With the block everything that it had locked is free again.
    return null;
  end;
end
$$;

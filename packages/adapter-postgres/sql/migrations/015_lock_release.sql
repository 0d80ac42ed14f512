-- Gives up what there is under a token. Answers whether the lock was held until now.
create or replace function parley.lock_release(name text, leaving text, claim float8) returns boolean language plpgsql as $$
declare
  moment timestamptz;
  known parley.locks;
begin
  perform pg_advisory_xact_lock(parley.lock_turn(name));
  delete from parley.lock_waiters as w where w.key = name and w.token = leaving;
  if not pg_try_advisory_xact_lock_shared(parley.lock_number(name)) then
    if not exists (select from parley.locks as l where l.key = name and l.token = leaving and l.until > clock_timestamp()) then
      return false;
    end if;
    -- Beside a lease that is not over no transaction has the lock: one has only looked in vain, and waits for nothing while it does.
    perform pg_advisory_xact_lock_shared(parley.lock_number(name));
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

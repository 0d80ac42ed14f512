-- Search: which words stand in which message. The column is generated, so that whatever writes a message keeps it right within its own
-- transaction: sending, an edit, a deletion, an import, and a node of an earlier version that knows nothing of it.

-- Letters as they are compared: without accents and case, numbers and words apart, whatever stands between them gone. The same on every
-- server, whatever its locale. Words are not stemmed, because nobody knows the language of a message.
create function hub.fold_letters(given text) returns text language sql immutable strict parallel safe as $$
  select regexp_replace(regexp_replace(regexp_replace(
    translate(
      replace(replace(replace(replace(normalize(given, NFKD), 'ß', 'ss'), 'ẞ', 'ss'), 'æ', 'ae'), 'Æ', 'ae'),
      'ØøŁłĐđÐðÞþŒœıΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣςΤΥΦΧΨΩАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЄЂЈЉЊЋЏҐЅѢ',
      'oollddddttooiαβγδεζηθικλμνξοπρσστυφχψωабвгдежзиклмнопрстуфхцчшщъыьэюяієђјљњћџґѕѣ'
    ),
    -- Accents, and what joins characters without being one.
    '[\u00ad\u0300-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200d\u2060\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f\ufeff]+',
    '', 'g'),
    -- Signs that no word is made of.
    '[\u0080-\u00bf\u00d7\u00f7\u02c2-\u02df\u2000-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030\u303d-\u303f\u30fb\ufe10-\ufe1f\ufe30-\ufe6f\U0001f000-\U0001faff]+',
    ' ', 'g'),
    -- Nothing stands between words here: each character is one.
    '([\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])',
    ' \1 ', 'g')
$$;

-- Signs by which the parser of Postgres would take several words for an address, a path or a number; all others part words for it already.
create function hub.fold(given text) returns text language sql immutable strict parallel safe as $$
  select translate(
    lower(case when octet_length(given) = length(given) then given else hub.fold_letters(given) end), '%&+-./:<@_~', '           '
  )
$$;

-- Whether a message has a file that is there: kept right by triggers of the tables of files.
alter table hub.messages add column has_files boolean not null default false;

-- What is searched for beside words. No word has a colon in it.
create function hub.marks(
  channel uuid, sender uuid, kind text, thread uuid, mentions jsonb, pinned bigint, files boolean, content text
) returns tsvector language sql immutable parallel safe as $$
  select array_to_tsvector(array_remove(array[
    ':in' || right(channel::text, 12),
    ':from' || right(sender::text, 12),
    case when kind <> 'message' then ':' || kind end,
    case when thread is not null then ':thread' end,
    case when mentions <> '{"users":[],"roles":[],"here":false}' then ':mention' end,
    case when pinned is not null then ':pin' end,
    case when files then ':file' end,
    case when strpos(content, '://') > 0 and content ~ '\mhttps?://\S' then ':link' end,
    case when strpos(content, '`') > 0 and content ~ '`[^`]+`' then ':code' end
  ], null))
$$;

alter table hub.messages add column words tsvector generated always as (
  case when deleted_at is null and kind <> 'system' and streaming <> 'open' then
    to_tsvector('pg_catalog.simple'::regconfig, hub.fold(content))
      || hub.marks(channel_id, sender_id, kind, thread_id, mentions, pinned_at, has_files, content)
  end
) stored;
-- What came last waits in a list of its own, which every search reads through: it is to stay short.
create index messages_words on hub.messages using gin (words) with (gin_pending_list_limit = 1024);
create index messages_latest on hub.messages (at, id) where words is not null;
create index channels_public on hub.channels (id) where kind = 'public' and deleted_at is null;

-- All of the terms: `[{"text": "...", "prefix": true}]`, of which each is a word or several in a row (`apart`: or wherever they stand), and all of
-- the marks. Null: there is nothing that a message would have to have.
create function hub.search_query(terms jsonb, marks text[], apart boolean) returns tsquery language sql immutable parallel safe as $$
  select string_agg(one, ' & ')::tsquery from (
    select '(' || words || case when (t ->> 'prefix')::boolean then ':*)' else ')' end as one
    from jsonb_array_elements(terms) as t, lateral (
      select case when apart then plainto_tsquery('pg_catalog.simple', hub.fold(t ->> 'text'))::text
        else phraseto_tsquery('pg_catalog.simple', hub.fold(t ->> 'text'))::text end as words
    ) as p
    where words <> ''
    union all
    select quote_literal(mark) from unnest(marks) as mark
  ) as parts
$$;

-- Messages in front of a place in the order of time, the latest first, looked at one after the other down to another place.
create function hub.search_walk(
  query tsquery, allowed uuid[], kinds text[], since bigint, since_id uuid, until bigint, until_id uuid, wanted int
) returns table (at bigint, id uuid) language plpgsql stable
set jit = off set enable_bitmapscan = off set enable_seqscan = off set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
begin
  return query select m.at, m.id from hub.messages as m
  where m.words is not null and (m.at, m.id) < (until, until_id) and (m.at, m.id) >= (since, since_id)
    -- Not by the index of channels, which knows no order of time.
    and coalesce(m.channel_id = any (allowed), false)
    and m.kind = any (kinds) and (query is null or m.words @@ query)
  order by m.at desc, m.id desc limit wanted;
end
$$;

-- The same by the index of words, in no order. The index knows nothing of rows, of rights and of moments: whatever has the words is looked at, and
-- counts, so that no search looks at more than `most`.
create function hub.search_index(
  indexed tsquery, query tsquery, allowed uuid[], kinds text[], since bigint, until bigint, until_id uuid, most int
) returns table (at bigint, id uuid, fits boolean) language plpgsql stable
set jit = off set enable_indexscan = off set enable_seqscan = off set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
begin
  return query select c.at, c.id,
    (c.at, c.id) < (until, until_id) and c.at >= since and c.channel_id = any (allowed) and c.kind = any (kinds)
      and (query is null or c.words @@ query)
  from (select m.at, m.id, m.channel_id, m.kind, m.words from hub.messages as m where m.words @@ indexed limit most) as c;
end
$$;

-- The places of the latest messages that are searched for, in the channels that the reader may read at this moment. What is frequent is met
-- soon on the way back from the latest message, and what is not has few places in the index: no way is gone far before it is known which.
--
-- A step of a search, which looks at so many messages and no more: back over `near` and perhaps `step`, then at `few` by the index. Where that is
-- not enough, a row that is not `found` is the place that it came to. From there it goes on in steps with `near` 0, which go back only.
create function hub.search(
  reader uuid, terms jsonb, marks text[], kinds text[], within uuid, since bigint, until bigint, until_id uuid, wanted int,
  near int, step int, few int
) returns table (at bigint, id uuid, found boolean) language plpgsql stable rows 50
set jit = off set enable_seqscan = off set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
  query tsquery := hub.search_query(terms, marks, false);
  nowhere constant uuid := '00000000-0000-0000-0000-000000000000';
  stretch int := case when near > 0 then near else step end;
  allowed uuid[];
  indexed tsquery;
  turn bigint;
  turn_id uuid;
  met int;
  seen int;
  ats bigint[];
  ids uuid[];
begin
  -- Written without a letter it asks for nothing that there is.
  if jsonb_array_length(terms) > 0 and hub.search_query(terms, '{}', true) is null then return; end if;
  select array_agg(r.id) into allowed from (
    select c.id from hub.channels as c where c.kind = 'public' and c.deleted_at is null
    union
    select c.id from hub.members as m join hub.channels as c on c.id = m.channel_id where m.user_id = reader and c.deleted_at is null
  ) as r where within is null or r.id = within;
  if allowed is null then return; end if;

  loop
    select m.at, m.id into turn, turn_id from hub.messages as m
    where m.words is not null and (m.at, m.id) < (until, until_id) and m.at >= since
    order by m.at desc, m.id desc offset stretch - 1 limit 1;
    return query select w.at, w.id, true
    from hub.search_walk(query, allowed, kinds, coalesce(turn, since), coalesce(turn_id, nowhere), until, until_id, wanted) as w;
    get diagnostics met = row_count;
    wanted := wanted - met;
    if wanted = 0 or turn is null then return; end if;
    until := turn;
    until_id := turn_id;
    -- Where some were met, the rest is not far.
    exit when stretch = step or met * 16 < wanted;
    stretch := step;
  end loop;

  if near > 0 then
    indexed := hub.search_query(terms, marks, true);
    -- Of few channels each is a word that the index knows.
    if cardinality(allowed) <= 64 then
      indexed := coalesce(indexed && w.one, w.one) from (
        select string_agg(quote_literal(':in' || right(a::text, 12)), '|')::tsquery as one from unnest(allowed) as a
      ) as w;
    end if;
    if indexed is not null then
      select count(*), array_agg(i.at) filter (where i.fits), array_agg(i.id) filter (where i.fits) into seen, ats, ids
      from hub.search_index(indexed, query, allowed, kinds, since, until, until_id, few + 1) as i;
      if seen <= few then
        return query select u.at, u.id, true from unnest(ats, ids) as u (at, id) order by u.at desc, u.id desc limit wanted;
        return;
      end if;
    end if;
  end if;
  return query select until, until_id, false;
end
$$;

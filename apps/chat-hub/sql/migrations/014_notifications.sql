-- Of what a user wants to be told. Null: of what is usual. It says nothing of what is counted.
alter table hub.members add notify text check (notify in ('all', 'mentions', 'muted'));
-- In public and private channels for which nothing is chosen.
alter table hub.users add notify text check (notify in ('all', 'mentions', 'muted'));

create table file (
    id           uuid        primary key,
    space_id     uuid        not null references space (id),
    name_format  smallint    not null,
    name         bytea       not null,
    blob         bytea       not null references blob (hash),
    size         bigint      not null,
    media_type   text        not null,
    width        int,
    height       int,
    -- none: nothing to show; pending: being made; ready; failed: it could not be read
    preview      text        not null check (preview in ('none', 'pending', 'ready', 'failed')),
    created_by   uuid        not null references person (id),
    created_at   timestamptz not null,
    client_id    uuid        not null,
    removed_at   timestamptz,
    unique (created_by, client_id)
);
-- A space's list, newest first, by pages.
create index file_of_space on file (space_id, created_at desc, id desc) where removed_at is null;

create table preview (
    file_id uuid     not null references file (id) on delete cascade,
    edge    smallint not null,   -- the longest side it was made for, in pixels
    blob    bytea    not null references blob (hash),
    width   int      not null,
    height  int      not null,
    primary key (file_id, edge)
);

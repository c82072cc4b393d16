-- What administrators declare of the instance. Declarations are never changed: a new one takes the place of the one
-- before, or an exception is withdrawn, and both stay to be read.

-- The instance's own stream: what is declared reaches every process and window by it.
insert into stream (id) values ('00000000-0000-7000-8000-000000000001');

create table declaration (
    id            uuid        primary key,
    kind          text        not null check (kind in ('profile', 'reading', 'exception', 'approval', 'partner')),
    -- the organisation that a partner declaration speaks for; null for what concerns the whole instance
    owner_id      uuid        references organisation (id),
    body          jsonb       not null,
    fictitious    boolean     not null default false,
    -- null: the operator, at the machine's terminal
    declared_by   uuid        references person (id),
    declared_at   timestamptz not null,
    withdrawn_by  uuid        references person (id),
    withdrawn_at  timestamptz,
    check ((kind = 'partner') = (owner_id is not null))
);
create index declaration_standing on declaration (kind, declared_at) where withdrawn_at is null;

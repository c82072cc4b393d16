-- A one-time link that makes an agent or lets a guest into a space. Only the hash of its token is here.
create table invitation (
    id              uuid        primary key,
    kind            text        not null check (kind in ('agent', 'guest')),
    organisation_id uuid        not null references organisation (id),
    email           text        not null check (email = lower(email)),
    given_name      text        not null,
    family_name     text        not null,
    function        text        not null default '',
    service         text        not null default '',
    -- for guests: where to (spaces come with a later module, so that the stream stands for the space), as what, and their
    -- last day there
    space_id        uuid        references stream (id),
    role            text        check (role in ('reader', 'contributor')),
    ends_on         date,
    token_hash      bytea       not null unique,
    made_by         uuid        not null references person (id),
    made_at         timestamptz not null,
    expires_at      timestamptz not null,
    -- ended: by the space's label, or because who invited may invite there no more
    state           text        not null check (state in ('pending', 'accepted', 'revoked', 'ended')),
    settled_by      uuid        references person (id),
    settled_at      timestamptz,
    check (num_nonnulls(space_id, role, ends_on) = case kind when 'guest' then 3 else 0 end),
    check ((state = 'pending') = (settled_at is null))
);
create unique index invitation_of_agent on invitation (organisation_id, email) where state = 'pending' and kind = 'agent';
create unique index invitation_of_guest on invitation (space_id, email) where state = 'pending' and kind = 'guest';
create index invitation_pending on invitation (expires_at) where state = 'pending';

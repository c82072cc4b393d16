-- A one-time link by which somebody who forgot their password chooses another. Only the hash of its token is here.
create table password_reset (
    person_id  uuid        primary key references person (id) on delete cascade,
    token_hash bytea       not null unique,
    -- null: who runs the server, at its terminal
    made_by    uuid        references person (id),
    made_at    timestamptz not null,
    expires_at timestamptz not null,
    -- it takes the account's passkeys and recovery codes away as well, and makes its person an administrator
    anew       boolean     not null default false,
    check (not anew or made_by is null)
);
create index password_reset_expiry on password_reset (expires_at);
-- Whether the present password was chosen by such a link.
alter table credential add column by_link boolean not null default false;

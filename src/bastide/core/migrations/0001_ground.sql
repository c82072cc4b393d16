-- The ground floor: streams and their journal, the audit chain.

-- One row a stream (a space's or a person's). Narrow and loosely filled: its seq is updated by every act.
create table stream (
    id  uuid   primary key,
    seq bigint not null default 0
) with (fillfactor = 50);

create table journal (
    stream_id uuid        not null references stream (id) on delete cascade,
    seq       bigint      not null,
    at        timestamptz not null,
    by        uuid,
    type      text        not null,
    fact      bytea       not null,
    primary key (stream_id, seq)
);

create table audit (
    seq      bigint      primary key,
    at       timestamptz not null,
    line     bytea       not null,
    previous bytea       not null,
    hash     bytea       not null
);

create table audit_head (
    one  boolean primary key default true check (one),
    seq  bigint  not null,
    hash bytea   not null
);
insert into audit_head (seq, hash) values (0, decode(repeat('00', 32), 'hex'));

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit is append-only';
end $$;
create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function audit_is_append_only();

-- Small facts about this instance: when it was made, which demo it holds.
create table instance (
    name  text primary key,
    value text not null
);

-- What is stored, by the SHA-256 of its bytes.
create table blob (
    hash       bytea       primary key check (length(hash) = 32),
    size       bigint      not null check (size >= 0),
    created_at timestamptz not null
);

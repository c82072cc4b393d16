-- Who lost a space without anybody having put them out by hand (its label, the end of a visit), until they have read why. What they knew of it at that moment is all there is: the
-- name is kept as it was, so that nothing of what the space is called later reaches them.
create table space_loss (
    id          uuid        primary key,
    person_id   uuid        not null references person (id) on delete cascade,
    space_id    uuid        not null references space (id) on delete cascade,
    name_format smallint    not null,
    name        bytea       not null,
    -- the label it has from then on, and why: the policy's reason, or stay-over
    label       text        not null check (label in ('public', 'internal', 'sensitive', 'restricted')),
    reason      text        not null,
    lost_at     timestamptz not null,
    unique (person_id, space_id)
);
create index space_loss_of_space on space_loss (space_id);

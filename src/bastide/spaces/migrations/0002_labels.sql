-- What was done to a space's label, or is proposed. The reason is words of a person, so it lives here with the space and
-- goes with it; the audit names this row and holds no words.
create table label_change (
    id            uuid        primary key,
    space_id      uuid        not null references space (id) on delete cascade,
    label_before  text        not null check (label_before in ('public', 'internal', 'sensitive', 'restricted')),
    label_after   text        not null check (label_after in ('public', 'internal', 'sensitive', 'restricted')),
    -- null for raising, which asks for none
    reason_format smallint,
    reason        bytea,
    made_by       uuid        not null references person (id),
    made_at       timestamptz not null,
    -- pending: waits for a second manager; overtaken: the label changed meanwhile, or who proposed it manages no more
    state         text        not null check (state in ('pending', 'done', 'withdrawn', 'expired', 'overtaken')),
    settled_by    uuid        references person (id),
    settled_at    timestamptz,
    check ((state = 'pending') = (settled_at is null))
);
create index label_change_of_space on label_change (space_id, made_at desc, id desc);
create unique index label_change_pending on label_change (space_id) where state = 'pending';

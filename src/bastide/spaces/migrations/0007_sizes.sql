-- How many members each space has, kept with every change of them: counting the members of 41 communities at each start of a
-- window took 20 ms. Kept by triggers, as members come and go by many ways.
create table space_size (
    space_id uuid primary key references space (id) on delete cascade,
    members  int  not null
) with (fillfactor = 50);
insert into space_size (space_id, members) select space_id, count(*) from member group by space_id;

create function members_came() returns trigger language plpgsql as $$
begin
    insert into space_size (space_id, members) select space_id, count(*) from came group by space_id order by space_id
    on conflict (space_id) do update set members = space_size.members + excluded.members;
    return null;
end $$;
create trigger members_came after insert on member referencing new table as came
    for each statement execute function members_came();

create function members_left() returns trigger language plpgsql as $$
begin
    update space_size set members = space_size.members - gone.members
    from (select space_id, count(*) as members from gone group by space_id order by space_id) gone
    where space_size.space_id = gone.space_id;
    return null;
end $$;
create trigger members_left after delete on member referencing old table as gone
    for each statement execute function members_left();

-- Who manages what, for spaces that have no manager left.
create index member_managers on member (space_id, person_id) where role = 'manager';

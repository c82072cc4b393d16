-- How long a guest is in a space. A guest is in no space without such a day; the row goes with the membership, however
-- that ends.
create table guest_stay (
    space_id   uuid not null,
    person_id  uuid not null,
    -- their last day there
    ends_on    date not null,
    invited_by uuid references person (id),
    primary key (space_id, person_id),
    foreign key (space_id, person_id) references member (space_id, person_id) on delete cascade
);
create index guest_stay_end on guest_stay (ends_on);
create index guest_stay_of_person on guest_stay (person_id);
-- Guests who are in already stay for as long as the window offers.
insert into guest_stay (space_id, person_id, ends_on, invited_by)
select m.space_id, m.person_id, current_date + 92, null
from member m join person p on p.id = m.person_id where p.kind = 'guest';

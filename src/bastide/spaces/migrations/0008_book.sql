-- An organisation's spaces are listed with the newest first.
create index space_of_organisation on space (organisation_id, created_at desc, id desc) where kind <> 'direct';

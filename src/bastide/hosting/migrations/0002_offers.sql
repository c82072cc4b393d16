-- That an acceptable offer exists is a fact of the instance, and outlives the exception that it was said with.
alter table declaration drop constraint declaration_kind_check;
alter table declaration add constraint declaration_kind_check
    check (kind in ('profile', 'reading', 'exception', 'offer', 'approval', 'partner'));

-- New entries of the index of types went to a list first, which every question reads from end to end, megabytes of it
-- where nothing vacuums. Few rows bring a type, so that each is put into its place at once.
alter index entities_by_type set (fastupdate = off);
select gin_clean_pending_list('entities_by_type');

-- Undoes a write whose counts are not what they must be: another process came in between (SQLSTATE serialization_failure).
create function raced() returns integer language plpgsql as $$
begin
  raise exception using errcode = '40001', message = 'Another process wrote one of these entities in between.';
end $$;

-- In whose name a subscription was last written: its notifications tell no more than this actor sees. Where it is not
-- known, they tell what everybody sees.
alter table subscriptions add column subscriber jsonb;

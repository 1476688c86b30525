import type { Attributes, Instance } from '../model.ts';

/** When the entity itself was made and last changed. */
type Times = { readonly createdAt: string; readonly modifiedAt: string };

const mapInstances = (
  attributes: Attributes,
  each: (instance: Instance) => Instance,
): Attributes => {
  const mapped: Record<string, readonly Instance[]> = {};
  for (const name of Object.keys(attributes)) mapped[name] = attributes[name]!.map(each);
  return mapped;
};

/** The attributes without those times of theirs that are the entity's: a third of what an event weighs. */
export const packStamps = (attributes: Attributes, times: Times): Attributes =>
  mapInstances(attributes, (instance) => {
    const { createdAt, modifiedAt, ...rest } = instance;
    if (createdAt !== undefined && createdAt !== times.createdAt)
      Object.assign(rest, { createdAt });
    if (modifiedAt !== undefined && modifiedAt !== times.modifiedAt)
      Object.assign(rest, { modifiedAt });
    return rest as Instance;
  });

/** The same attributes with their times again. */
export const unpackStamps = (attributes: Attributes, times: Times): Attributes =>
  mapInstances(attributes, (instance) => ({
    ...instance,
    createdAt: instance.createdAt ?? times.createdAt,
    modifiedAt: instance.modifiedAt ?? times.modifiedAt,
  }));

import type { Static, TObject } from 'typebox';
import { Value } from 'typebox/value';
import { Refusal } from '#kernel/errors';

/**
 * Reads environment variables against a schema: text becomes the schema's numbers and booleans, defaults fill in, and
 * every fault is named at once. An empty variable counts as absent. Throws Refusal('invalid').
 */
export const readSettings = <T extends TObject>(
  schema: T,
  env: Readonly<Record<string, string | undefined>>,
): Static<T> => {
  const given = Object.fromEntries(
    Object.keys(schema.properties).flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  );
  const value = Value.Default(schema, Value.Convert(schema, given));
  const faults = Value.Errors(schema, value).map((e) => {
    const name =
      e.instancePath.slice(1) ||
      String((e.params as { requiredProperties?: string[] }).requiredProperties);
    return `${name} ${e.message}`;
  });
  if (faults.length > 0)
    throw new Refusal('invalid', `These settings are wrong: ${faults.join('; ')}.`, { faults });
  return value as Static<T>;
};

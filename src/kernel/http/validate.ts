import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Convert } from 'typebox/value';

/**
 * Checks what comes in against the route's schema. What stands in an address or a header is text: it is converted only
 * where it does not fit as it is, and a body never.
 */
export const compileSchema: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema);
  return (value) => {
    if (compiled.Check(value)) return { value };
    if (httpPart === 'body') return { error: compiled.Errors(value) };
    const converted = Convert(schema, value);
    return compiled.Check(converted) ? { value: converted } : { error: compiled.Errors(converted) };
  };
};

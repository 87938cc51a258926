import { expect, it } from "vitest";
import { placedParameters } from "../../../common/parameters/parameter.ts";
import { spellings } from "./spellings.ts";
import { createClusterParameters } from "./table/table.ts";

const places = placedParameters(createClusterParameters).map(({ path }) => path);

it.each(spellings)("$other says what $place does: both are in the table", ({ place, other }) => {
  expect(places).toContain(place.replace(/\[\d\](?=\.)/, "[]").replace(/\[\d\]$/, ""));
  expect(places).toContain(other);
});

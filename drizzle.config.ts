import { defineConfig } from "drizzle-kit";

/** For `drizzle-kit generate`, which writes the next migration from the difference between schema and migrations. */
export default defineConfig({
  dialect: "postgresql",
  schema: "./src/storage/schema.ts",
  out: "./src/storage/migrations",
});

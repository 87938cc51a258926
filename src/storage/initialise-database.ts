import { PGlite } from "@electric-sql/pglite";
import { flushTree } from "../machine/files.ts";

// A program of its own, started by database.ts: makes an empty embedded database in the folder it is given.
const [folder = ""] = process.argv.slice(2);
const pglite = await PGlite.create({ dataDir: folder });
await pglite.close();
await flushTree(folder);

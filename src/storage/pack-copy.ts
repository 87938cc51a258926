import { setPriority } from "node:os";
import { PGlite } from "@electric-sql/pglite";
import { writeFileAtomically } from "../machine/files.ts";

// A program of its own, started by copies.ts: opens a database's files as they were copied, which brings them to one state
// and shows that they are good, and packs them into the archive that it is given. The service goes first meanwhile.
setPriority(10);
const [folder = "", file = ""] = process.argv.slice(2);
const pglite = await PGlite.create({ dataDir: folder });
await pglite.exec("checkpoint");
const archive = await pglite.dumpDataDir("gzip");
await pglite.close();
await writeFileAtomically(file, await archive.bytes(), { mode: 0o600, durable: true });

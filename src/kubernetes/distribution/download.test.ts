import { describe, expect, test } from "vitest";
import { makeDownloader } from "./download.ts";
import { startMirror } from "./testing/fake-mirror.ts";

describe("a text", () => {
  test("is read whole, a character that comes in two pieces too", async () => {
    const mirror = await startMirror();
    const [start, end] = [Buffer.from("版本").subarray(0, 4), Buffer.from("版本").subarray(4)];
    mirror.answers.set("/release/stable.txt", (response) => response.write(start, () => response.end(end)));
    const downloader = makeDownloader();
    expect(await downloader.text(`${mirror.kubernetesReleaseUrl}/stable.txt`)).toBe("版本");
    await downloader.close();
  });

  test("that does not end is given up after a megabyte", async () => {
    const mirror = await startMirror();
    mirror.answers.set("/release/stable.txt", (response) => {
      const piece = Buffer.alloc(65_536, "x");
      const writeOn = () => response.destroyed || response.write(piece, writeOn);
      writeOn();
    });
    const downloader = makeDownloader();
    await expect(downloader.text(`${mirror.kubernetesReleaseUrl}/stable.txt`)).rejects.toThrow(
      /\/release\/stable\.txt has more than 1000000 bytes: it is not the small text file that belongs there$/,
    );
    await downloader.close();
  });
});

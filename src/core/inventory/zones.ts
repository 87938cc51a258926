const letters = ["a", "b", "c", "d", "e", "f"];

/**
 * The names of a region's zones, in order. As both vendors write them: a region that ends in a digit is followed by the
 * letter at once (`cn-north-4a`, `ap-southeast-1a`), any other by a hyphen first (`cn-beijing-a`). A Huawei Cloud project
 * that stands for the region may have a suffix of its own (`cn-north-4_test`), which no zone has.
 */
export function zonesOf(region: string): string[] {
  const [name = ""] = region.split("_");
  const stem = /\d$/.test(name) ? name : `${name}-`;
  return letters.map((letter) => `${stem}${letter}`);
}

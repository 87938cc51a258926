const number = "(0|[1-9]\\d{0,3})";

/**
 * How a vendor writes versions: `x.y`, `x.y.z`, and `x.y.z` with the number of its own build.
 * @param before what each begins with
 * @param build pattern of what stands before the build's number
 */
export const versionForm = (before: string, build: string): RegExp =>
  new RegExp(`^${before}${number}\\.${number}(?:\\.${number}(?:${build}${number})?)?$`);

/** The page that a list was asked for, counted from 1; an empty text means "not set". @param usualSize entries of a page */
export function page(number: string | undefined, size: string | undefined, usualSize: number) {
  const pageNumber = Number(number || 1);
  const pageSize = Number(size || usualSize);
  return { page_number: pageNumber, page_size: pageSize, offset: (pageNumber - 1) * pageSize, limit: pageSize };
}

export { parseSearch, searchForms, searchMarks } from './parse-search.ts';
export type { Search, SearchForm, SearchMark, SearchTerm } from './parse-search.ts';
export { unclear } from './unclear.ts';

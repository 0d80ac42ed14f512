/** Where results are kept and pages are written, unless another folder is named. */
export const ourDocs = new URL('../../../../docs/', import.meta.url);

/** The one owner of keys, as rover's `api-key` commands name it: the installation. */
export const ORGANIZATION_ID = 'tributary';

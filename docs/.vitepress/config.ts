import { defineConfig } from 'vitepress';
import { apiPages, folder } from './sidebar.ts';

const handbook = [
  folder('guide', 'Guide'),
  folder('packages', 'Packages'),
  folder('operations', 'Operations'),
  folder('performance', 'Performance'),
];
const project = {
  text: 'Project',
  items: [
    { text: 'Promises', link: '/requirements' },
    { text: 'Decisions', link: '/adr/' },
  ],
};

export default defineConfig({
  lang: 'en',
  title: 'Parley',
  description: 'Many processes that act as one: cache, bus, presence, limits and locks for TypeScript.',
  cleanUrls: true,
  // Notes among the results are read by the page that they become a part of.
  srcExclude: ['results/**'],
  head: [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: '/mark.svg' }],
    ['meta', { name: 'theme-color', content: '#0f766e' }],
  ],
  themeConfig: {
    logo: '/mark.svg',
    nav: [
      { text: 'Guide', link: '/guide/introduction', activeMatch: '^/guide/' },
      { text: 'Packages', link: '/packages/', activeMatch: '^/packages/' },
      { text: 'Operations', link: '/operations/release', activeMatch: '^/operations/' },
      { text: 'Reference', link: '/reference/', activeMatch: '^/reference/' },
      { text: 'Decisions', link: '/adr/', activeMatch: '^/adr/' },
      { text: 'Promises', link: '/requirements' },
    ],
    sidebar: {
      '/': [...handbook, project],
      '/reference/': [folder('reference', 'Reference'), ...apiPages()],
      '/adr/': [folder('adr', 'Decisions')],
    },
    outline: [2, 3],
    search: { provider: 'local' },
    footer: { message: 'Released under the MIT licence.', copyright: 'Copyright Parley contributors' },
  },
});

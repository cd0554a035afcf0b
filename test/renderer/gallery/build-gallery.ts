/** Builds the gallery once, before the many test files that look at it. */
import { buildGallery, builtGallery } from './serve-gallery.ts';

await buildGallery(builtGallery);

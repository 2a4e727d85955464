/* SPDX-License-Identifier: Apache-2.0 */
/** Stretches of recordings as recordings of their own. */
package dev.traversion.archive.export;

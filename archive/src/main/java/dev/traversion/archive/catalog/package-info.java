/* SPDX-License-Identifier: Apache-2.0 */
/** The tables of a recording as other engines see them. */
package dev.traversion.archive.catalog;

/* SPDX-License-Identifier: Apache-2.0 */
/** How numbers and texts become bytes. */
package dev.traversion.archive.encoding;

/* SPDX-License-Identifier: Apache-2.0 */
/** An Iceberg REST catalog that can only be read: engines learn here which files a table is, and read these themselves. */
package dev.traversion.rewind.iceberg;

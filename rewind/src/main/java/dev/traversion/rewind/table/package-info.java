/* SPDX-License-Identifier: Apache-2.0 */
/** Tables as the API server prints them: the columns of every kind, and the cells of an object at a moment. */
package dev.traversion.rewind.table;

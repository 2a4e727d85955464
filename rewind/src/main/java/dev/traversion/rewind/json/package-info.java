/* SPDX-License-Identifier: Apache-2.0 */
/** Reading and writing JSON on the level of bytes, so that recorded bodies pass through untouched. */
package dev.traversion.rewind.json;
